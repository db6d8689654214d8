<#
.SYNOPSIS
Tells which part of Defender blocks updates, and whether it may be relaxed. Read-only.
.OUTPUTS
needed, possible, reason, facts
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

$root = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows Defender'
$owners = @{
    'false-positive'           = @("$root\Real-Time Protection", 'DisableRealtimeMonitoring')
    'controlled-folder-access' = @("$root\Windows Defender Exploit Guard\Controlled Folder Access", 'EnableControlledFolderAccess')
    'network-protection'       = @("$root\Windows Defender Exploit Guard\Network Protection", 'EnableNetworkProtection')
}

$kinds = @(Get-DefenderBlock | ForEach-Object { $_.kind } | Select-Object -Unique)
$reason = ''
if ('false-positive' -in $kinds -and (Get-MpComputerStatus).IsTamperProtected) {
    $reason = 'tamper protection is on: ask for an exception in its admin center'
}
foreach ($kind in $kinds) {
    $place, $name = $owners[$kind]
    if (-not $reason -and (Get-KtRegistryValue -Path $place -Name $name).Exists) { $reason = "a policy sets $name ($place); its owner has to change it" }
}

@{
    needed   = $kinds.Count -gt 0
    possible = -not $reason
    reason   = $reason
    facts    = @{ kinds = $kinds }
}
