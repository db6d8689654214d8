<#
.SYNOPSIS
Tells whether servicing has the update. Read-only.
.DESCRIPTION
Before the restart the Setup log says that one is needed (event 4), after it that the update is installed (event 2); a failure is event 3.
The list of installed updates says it, too, once it is complete.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Path,
    [string] $Kb
)

$installed = @(Get-CimInstance -ClassName Win32_QuickFixEngineering | Where-Object { "$($_.HotFixID)" -eq "KB$Kb" })
$newest = @(Get-KtEvent -Log 'Setup' -Provider 'Microsoft-Windows-Servicing' -Id 2, 3, 4 -Days 1 | Where-Object { "$($_.Data['PackageIdentifier'])" -eq "KB$Kb" } | Select-Object -First 1)
$said = if ($newest.Count -gt 0) { [int]$newest[0].Id } else { 0 }

$reason = ''
if ($installed.Count -eq 0) {
    if ($said -eq 3) { $reason = "servicing could not install KB$Kb ($($newest[0].Data['ErrorCode']))" }
    elseif ($said -notin 2, 4) { $reason = "servicing says nothing of KB$Kb" }
}

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ installed = $installed.Count -gt 0; servicingEvent = $said }
}
