<#
.SYNOPSIS
Reads the exclusions back from where Defender keeps them. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Paths
)

$now = @((Get-MpPreference).ExclusionPath)
$missing = @($Paths | Where-Object { $_.TrimEnd('\') -notin $now })

@{
    ok     = $missing.Count -eq 0
    reason = if ($missing.Count -gt 0) { "$($missing -join ', ') is not excluded" } else { '' }
    facts  = @{ missing = $missing }
}
