<#
.SYNOPSIS
Reads firmware, adapters and hardware errors as Windows knows them, and tells what is not as it should be. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Firmware,
    [int] $MaxFirmwareYears,
    [string[]] $Drivers,
    [int] $Days
)

$findings = @()
$system = Get-CimInstance -ClassName Win32_ComputerSystem
$bios = Get-CimInstance -ClassName Win32_BIOS
$level = [string]$bios.SMBIOSBIOSVersion
$years = if ($bios.ReleaseDate) { [math]::Floor(([datetime]::Now - $bios.ReleaseDate).TotalDays / 365) } else { 0 }
if ($Firmware -and $level -ne $Firmware) { $findings += "the firmware is at level $level, approved is $Firmware" }
elseif ($years -ge $MaxFirmwareYears) { $findings += "the firmware (level $level) is $years years old: ask the vendor for the present one" }

# Adapters of network and storage, by the setup class, which is not translated.
$classes = '{4d36e972-e325-11ce-bfc1-08002be10318}', '{4d36e97b-e325-11ce-bfc1-08002be10318}'
$adapters = @()
foreach ($driver in @(Get-CimInstance -ClassName Win32_PnPSignedDriver | Where-Object { [string]$_.ClassGuid -in $classes })) {
    $name = [string]$driver.DeviceName
    $adapters += "$name $($driver.DriverVersion) ($($driver.DriverProviderName))"
    foreach ($approved in $Drivers) {
        $part, $least = $approved -split '=', 2
        if ($name -like "*$part*" -and [version]$driver.DriverVersion -lt [version]$least) { $findings += "the driver of $name is $($driver.DriverVersion), approved is $least" }
    }
}
foreach ($device in @(Get-CimInstance -ClassName Win32_PnPEntity | Where-Object { $_.ConfigManagerErrorCode -ne 0 -and [string]$_.ClassGuid -in $classes })) {
    $findings += "$($device.Name) reports problem $($device.ConfigManagerErrorCode): its driver (driver/roll-back) or the adapter"
}

$errors = @(Get-KtEvent -Log 'System' -Provider 'Microsoft-Windows-WHEA-Logger' -Days $Days)
if ($errors.Count -gt 0) {
    $fatal = @($errors | Where-Object { $_.Level -le 2 }).Count
    $findings += "the hardware reported $($errors.Count) errors in $Days days, $fatal of them not corrected (events $(@($errors | ForEach-Object { $_.Id } | Sort-Object -Unique) -join ', ')): run the vendor's diagnostics"
}
$failing = @(Get-CimInstance -Namespace 'root/wmi' -ClassName MSStorageDriver_FailurePredictStatus -ErrorAction SilentlyContinue | Where-Object { $_.PredictFailure })
if ($failing.Count -gt 0) { $findings += "$($failing.Count) drives predict their failure: replace them" }

@{
    ok     = $findings.Count -eq 0
    reason = $findings -join '; '
    facts  = @{ model = "$($system.Manufacturer) $($system.Model)"; firmware = $level; firmwareYears = $years; adapters = $adapters; errors = $errors.Count; findings = $findings }
}
