<#
.SYNOPSIS
Tells which devices have a problem, on which driver they run and which drivers are new. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $RecentDays
)

# region troubled devices (the same text in driver/devices and driver/remove-package; a test compares them)
function Get-TroubledDevice {
    # Devices with a problem code other than disabled (22), restart owed (14) and absent (45): id, name, code, inf, class, version.
    $drivers = @{}
    foreach ($driver in @(Get-CimInstance -ClassName Win32_PnPSignedDriver -ErrorAction SilentlyContinue)) { $drivers["$($driver.DeviceID)"] = $driver }
    foreach ($device in @(Get-CimInstance -ClassName Win32_PnPEntity -ErrorAction SilentlyContinue)) {
        $code = [int]$device.ConfigManagerErrorCode
        if ($code -in 0, 14, 22, 45) { continue }
        $driver = $drivers["$($device.DeviceID)"]
        @{
            Id = "$($device.DeviceID)"; Name = "$($device.Name)"; Code = $code; Class = "$($device.PNPClass)"
            Inf = if ($driver) { "$($driver.InfName)" } else { '' }
            Version = if ($driver) { "$($driver.DriverVersion)" } else { '' }
        }
    }
}
# endregion

$troubled = @(Get-TroubledDevice)
$recent = @(Get-KtEvent -Log 'System' -Provider 'Microsoft-Windows-UserPnp' -Id 20001, 20003 -Days $RecentDays |
        ForEach-Object { "$($_.TimeUtc.ToString('s'))Z $($_.Data['DriverName']) $($_.Data['DriverVersion'])" })

$list = @($troubled | ForEach-Object {
        $on = if ($_.Inf) { ", driver $($_.Inf) $($_.Version)" } else { ', no driver' }
        "$($_.Name) (problem code $($_.Code)$on)"
    })
$reason = ''
if ($troubled.Count -gt 0) {
    $reason = "$($troubled.Count) device(s) with a problem: $($list -join '; '). Roll the driver back (driver/roll-back), or install the one that the maker of the machine offers, chipset and storage first"
}

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ troubled = @($troubled | ForEach-Object { @{ name = $_.Name; code = $_.Code; class = $_.Class; inf = $_.Inf; version = $_.Version } }); recent = $recent }
}
