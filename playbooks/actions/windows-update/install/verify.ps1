<#
.SYNOPSIS
Tells by the event log whether the newest attempt of each update came to a good end. Read-only.
.DESCRIPTION
Event 43 begins an installation, 19 is its good end, 20 its failure. Of the last three hours; an update that is older is no matter of this
step. With numbers given, each of them must have its event 19.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Kb
)

$events = @(Get-KtEvent -Log 'System' -Provider 'Microsoft-Windows-WindowsUpdateClient' -Id 19, 20, 43 -Days 0.2)
$installed = @()
$failed = @()
foreach ($group in @($events | Group-Object -Property { "$($_.Data['updateGuid'])" })) {
    $last = @($group.Group | Sort-Object -Property TimeUtc | Where-Object { $_.Id -ne 43 }) | Select-Object -Last 1
    if ($null -eq $last) { $failed += "$($group.Group[0].Data['updateTitle']): no end" }
    elseif ($last.Id -eq 19) { $installed += "$($last.Data['updateTitle'])" }
    else { $failed += "$($last.Data['updateTitle']): $($last.Data['errorCode'])" }
}
$missing = @($Kb | Where-Object { $number = $_; @($installed | Where-Object { $_ -match "\bKB$number\b" }).Count -eq 0 })

$reason = ''
if ($failed.Count -gt 0) { $reason = "the newest attempt did not succeed: $($failed -join '; ')" }
elseif ($missing.Count -gt 0) { $reason = "no event says that KB$($missing -join ', KB') was installed" }
elseif ($installed.Count -eq 0) { $reason = 'no event says that an update was installed' }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ installed = $installed; failed = $failed }
}
