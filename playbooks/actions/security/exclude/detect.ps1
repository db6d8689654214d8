<#
.SYNOPSIS
Tells whether Defender took something from the folders that may be excluded. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Paths
)

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

$found = @(Get-DefenderBlock | Where-Object { $_.kind -eq 'false-positive' })
$helps = @($Paths | Where-Object { $path = $_.TrimEnd('\'); @($found | Where-Object { $_.what -like "$path\*" }).Count -gt 0 })

# Too wide to be left unwatched, even for minutes.
$wide = @($Paths | Where-Object {
        $path = $_.TrimEnd('\')
        $path -in $env:SystemDrive, $env:windir, "$env:windir\System32", "$env:windir\SysWOW64", "$env:windir\SoftwareDistribution" -or
        $path -match '^[A-Za-z]:$|\\(Temp|Tmp|Users|ProgramData|Program Files( \(x86\))?|WindowsPowerShell)(\\|$)'
    })
$tamper = $false
if ($helps.Count -gt 0) { $tamper = [bool](Get-MpComputerStatus).IsTamperProtected }

$reason = ''
if ($wide.Count -gt 0) { $reason = "$($wide -join ', ') is too wide to be excluded; name the folder below it" }
elseif ($tamper) { $reason = 'tamper protection is on: exclusions are set in its admin center' }

@{
    needed   = $helps.Count -gt 0
    possible = -not $reason
    reason   = $reason
    facts    = @{ helps = $helps; tamperProtected = $tamper }
}
