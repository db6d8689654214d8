<#
.SYNOPSIS
Tells whether the clock is right, and whether the time service keeps it so. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [double] $MaxSkewSeconds
)

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
$skewSeconds = [math]::Round((Get-KtClockSkew).SkewMs / 1000, 1)

$faults = @()
if ([math]::Abs($skewSeconds) -gt $MaxSkewSeconds) { $faults += "the clock is $skewSeconds s off" }
if ($setting.Type -eq 'NoSync') { $faults += 'the clock is not set automatically (NoSync)' }
if ($setting.Disabled) { $faults += 'the time service (W32Time) is disabled' }

@{
    ok     = $faults.Count -eq 0
    reason = $faults -join '; '
    facts  = @{ skewSeconds = $skewSeconds; type = $setting.Type; server = $setting.Server; zone = $setting.Zone; zoneAutomatic = $setting.ZoneAutomatic }
}
