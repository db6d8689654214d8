<#
.SYNOPSIS
Asks all VSS writers anew. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$writers = @(Get-KtVssWriter)
$failed = @($writers | Where-Object { $_.State -ge 6 } | ForEach-Object { $_.Id })

$reason = ''
if ($writers.Count -eq 0) { $reason = 'no VSS writer answers; look at the events of the provider VSS in the Application log' }
elseif ($failed.Count -gt 0) { $reason = "these writers have still failed: $($failed -join ', ')" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ writers = $writers.Count; failed = $failed }
}
