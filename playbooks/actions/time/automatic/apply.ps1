<#
.SYNOPSIS
Gives the time service its source and its start type back.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

# region whether the clock is set by itself (the same text in time/clock and in the scripts of time/automatic)
function Get-TimeSetting {
    # Type and peer of the time service, whether it may start, whether a policy sets them, and the zone.
    $parameters = 'HKLM:\SYSTEM\CurrentControlSet\Services\W32Time\Parameters'
    $zone = Get-KtRegistryValue -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\TimeZoneInformation' -Name 'TimeZoneKeyName'
    $zoneService = Get-KtRegistryValue -Path 'HKLM:\SYSTEM\CurrentControlSet\Services\tzautoupdate' -Name 'Start'
    @{
        Path          = $parameters
        Type          = "$((Get-KtRegistryValue -Path $parameters -Name 'Type').Value)"
        Server        = "$((Get-KtRegistryValue -Path $parameters -Name 'NtpServer').Value)"
        Disabled      = (Get-KtService -Name 'W32Time').StartType -eq 'Disabled'
        ByPolicy      = "$((Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Policies\Microsoft\W32Time\Parameters' -Name 'Type').Value)"
        Zone          = "$($zone.Value)"
        ZoneAutomatic = "$($zoneService.Value)" -eq '3'
    }
}
# endregion

$setting = Get-TimeSetting
$member = [bool](Get-KtOs).DomainJoined
if ($setting.Disabled) { Set-KtServiceStartType -Name 'W32Time' -StartType $(if ($member) { 'Automatic' } else { 'Manual' }) }
if ($setting.Type -eq 'NoSync') {
    $running = (Get-KtService -Name 'W32Time').State -eq 'Running'
    Stop-KtService -Name 'W32Time'
    Set-KtRegistryValue -Path $setting.Path -Name 'Type' -Value $(if ($member) { 'NT5DS' } else { 'NTP' }) -Type String
    if ($running) { Start-KtService -Name 'W32Time' }
}

@{ changed = $true; facts = @{ typeBefore = $setting.Type; wasDisabled = $setting.Disabled }; rebootRequired = $false }
