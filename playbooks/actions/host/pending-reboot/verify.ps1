<#
.SYNOPSIS
Tells whether Windows waits for a restart. Read-only.
.DESCRIPTION
PFRO (file renames left for the next start) alone is no reason: antivirus products set it all the time, and restarting for it never ends.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$reasons = @(Get-KtPendingReboot)
$strong = @($reasons | Where-Object { $_ -ne 'PFRO' })

@{
    ok     = $strong.Count -eq 0
    reason = if ($strong.Count -gt 0) { "a restart is pending ($($strong -join ', ')); restart the host first" } else { '' }
    facts  = @{ pendingReboot = $reasons }
}
