<#
.SYNOPSIS
Tells whether an update is among the installed ones. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Kb
)

$installed = @(Get-CimInstance -ClassName Win32_QuickFixEngineering | Where-Object { "$($_.HotFixID)" -eq "KB$Kb" })
$failures = @(Get-KtEvent -Log 'System' -Provider 'Microsoft-Windows-WindowsUpdateClient' -Id 20 -Days 30 | Where-Object { "$($_.Data['updateTitle'])" -match "\bKB$Kb\b" })
$codes = @($failures | ForEach-Object { "$($_.Data['errorCode'])" } | Select-Object -First 1)

$reason = ''
if ($installed.Count -eq 0) {
    $reason = "KB$Kb is not installed"
    if ($failures.Count -gt 0) { $reason += "; $($failures.Count) attempt(s) failed in 30 days, the newest with $($codes[0])" }
}

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ installed = $installed.Count -gt 0; failures = $failures.Count; newestCode = "$($codes -join '')" }
}
