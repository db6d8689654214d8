<#
.SYNOPSIS
Relaxes what blocks updates. The kit arms its dead-man tasks first, and puts the settings back when the run ends.
.OUTPUTS
changed, facts, rebootRequired
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

$kinds = @(Get-DefenderBlock | ForEach-Object { $_.kind } | Select-Object -Unique)
if ('false-positive' -in $kinds) { Set-KtDefenderPreference -Name 'DisableRealtimeMonitoring' -Value $true }
# Numbers as Windows gives them back: 0 is off.
if ('controlled-folder-access' -in $kinds) { Set-KtDefenderPreference -Name 'EnableControlledFolderAccess' -Value 0 }
if ('network-protection' -in $kinds) { Set-KtDefenderPreference -Name 'EnableNetworkProtection' -Value 0 }

@{
    changed        = $kinds.Count -gt 0
    facts          = @{ relaxed = $kinds }
    rebootRequired = $false
}
