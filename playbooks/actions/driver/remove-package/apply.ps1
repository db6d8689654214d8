<#
.SYNOPSIS
Takes the drivers out of the driver store.
.DESCRIPTION
The kit keeps a copy of each and puts it back where the run fails.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string] $From,
    [string[]] $AllowClasses
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

# region suspects (the same text in all scripts of driver/remove-package; a test compares them)
function Get-SuspectPackage {
    # Packages of other makers that are to go: inf, class, why.
    param([string] $From)
    $packages = @(Get-WindowsDriver -Online -ErrorAction SilentlyContinue)
    $named = @{}
    if ($From -eq 'problem') {
        foreach ($device in @(Get-TroubledDevice)) { if ($device.Inf -match '^oem[0-9]+\.inf$') { $named[$device.Inf] = "$($device.Name) has the problem code $($device.Code)" } }
    }
    else {
        # The log of the phase that rolled back is always English; it is removed by the next setup.
        foreach ($line in @(Get-KtLogLine -Path "$env:SystemDrive\`$WINDOWS.~BT\Sources\Rollback\setuperr.log" -Match 'inf: oem[0-9]+\.inf')) {
            if ($line -match 'inf: (oem[0-9]+\.inf)') { $named[$Matches[1]] = 'the failed setup names it' }
        }
    }
    foreach ($package in $packages) {
        $inf = "$($package.Driver)"
        if ($named.ContainsKey($inf)) { @{ Inf = $inf; Class = "$($package.ClassName)"; Why = "$inf $($package.Version) ($($package.ProviderName)): $($named[$inf])" } }
    }
}
# endregion

$removed = @()
$rebootRequired = $false
foreach ($one in @(Get-SuspectPackage -From $From)) {
    if ($one.Class -in 'Net', 'SCSIAdapter', 'HDC' -and $one.Class -notin $AllowClasses) { continue }
    if (Remove-KtDriver -Name $one.Inf) { $rebootRequired = $true }
    $removed += $one.Why
}

@{
    changed        = $removed.Count -gt 0
    facts          = @{ removed = $removed }
    rebootRequired = $rebootRequired
}
