<#
.SYNOPSIS
Asks Defender's state, not its settings, whether it still stands in the way. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

# region Blocks of updates by Defender (the same text in security/interference, security/exclude and security/pause-protection)
function Get-DefenderBlock {
    # What Defender kept from updates since the last one was installed: by event id and event data, newest first.
    $log = 'Microsoft-Windows-Windows Defender/Operational'
    $installed = @(Get-KtEvent -Log 'System' -Provider 'Microsoft-Windows-WindowsUpdateClient' -Id 19 -Days 14 -Newest 1)
    $since = if ($installed.Count -gt 0) { $installed[0].TimeUtc } else { [datetime]::MinValue }
    $kinds = @{ 1116 = 'false-positive'; 1123 = 'controlled-folder-access'; 1126 = 'network-protection' }
    foreach ($event in @(Get-KtEvent -Log $log -Id 1116, 1123, 1126 -Days 14)) {
        if ($event.TimeUtc -le $since) { continue }
        $what = "$($event.Data['Path'])$($event.Data['Destination'])"
        $isUpdate = if ($event.Id -eq 1126) { $what -match '(^|[./])(windowsupdate|microsoft|wsus)\.' } else { $what -like '*\SoftwareDistribution\*' }
        if ($isUpdate) { @{ kind = $kinds[$event.Id]; what = $what -replace '^file:_', ''; at = $event.TimeUtc } }
    }
}
# endregion

$status = Get-MpComputerStatus
$preference = Get-MpPreference
$still = @()
foreach ($kind in @(Get-DefenderBlock | ForEach-Object { $_.kind } | Select-Object -Unique)) {
    if ($kind -eq 'false-positive' -and $status.RealTimeProtectionEnabled) { $still += $kind }
    if ($kind -eq 'controlled-folder-access' -and [int]$preference.EnableControlledFolderAccess -eq 1) { $still += $kind }
    if ($kind -eq 'network-protection' -and [int]$preference.EnableNetworkProtection -eq 1) { $still += $kind }
}

@{
    ok     = $still.Count -eq 0
    reason = if ($still.Count -gt 0) { "$($still -join ', ') is still on: tamper protection or a policy keeps it" } else { '' }
    facts  = @{ stillOn = $still }
}
