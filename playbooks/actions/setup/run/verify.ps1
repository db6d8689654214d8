<#
.SYNOPSIS
Tells whether setup waits for its restart, or went through. Read-only.
.DESCRIPTION
After the restart the build counts; for a repair of the same build, that setup has not been rolled back since this start of
Windows (the report of a rollback is written by the start that follows it, after at most the hours that setup takes).
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $MediaPath,
    [int] $TargetBuild
)

$build = (Get-KtOs).Build
$waits = @(Get-KtPendingReboot | Where-Object { $_ -ne 'PFRO' }).Count -gt 0
$since = [datetime]::UtcNow.AddMilliseconds(-[double](Get-KtUptime)).AddHours(-4)
$reports = @(if (-not $waits) { Get-KtEvent -Log 'Application' -Id 1001 -Days 2 | Where-Object { $_.Data['0'] -eq 'WinSetupDiag02' -and $_.TimeUtc -gt $since } })

$reason = ''
if ($reports.Count -gt 0) { $reason = "setup was rolled back with $($reports[0].Data['5'])-$($reports[0].Data['6']); the playbook setup/check tells why" }
elseif ($build -lt $TargetBuild -and -not $waits) { $reason = "Windows still has the build $build, and $TargetBuild is wanted" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ build = $build; waits = $waits }
}
