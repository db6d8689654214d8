<#
.SYNOPSIS
Tells whether the clock is not set by itself. Read-only.
.OUTPUTS
needed, possible, reason, facts
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
$policies = @(Get-CimInstance -Namespace 'root/rsop/computer' -ClassName RSOP_SystemService -ErrorAction SilentlyContinue | ForEach-Object { $_.Service })

$reason = ''
if ((Get-KtOs).ProductType -eq 2) { $reason = 'the clock of a domain controller is the clock of its domain; set it by hand' }
elseif ($setting.ByPolicy -eq 'NoSync') { $reason = 'a policy switches the time service off (W32Time, Type NoSync); its owner has to change it' }
elseif ($setting.Disabled -and 'W32Time' -in $policies) { $reason = 'Group Policy disables W32Time; its owner has to change it' }

@{
    needed   = $setting.Type -eq 'NoSync' -or $setting.Disabled
    possible = -not $reason
    reason   = $reason
    facts    = @{ type = $setting.Type; disabled = $setting.Disabled }
}
