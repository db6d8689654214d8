<#
.SYNOPSIS
Disables storage at USB ports, for the run alone.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string] $MediaPath
)

# region storage at USB ports (the same text in all scripts of setup/usb-storage; a test compares them)
function Get-UsbStorage {
    # Disks at a USB port that Windows does not run from: name, instance id, drives.
    $space = 'root/Microsoft/Windows/Storage'
    foreach ($disk in @(Get-CimInstance -Namespace $space -ClassName MSFT_Disk | Where-Object { [int]$_.BusType -eq 7 -and -not $_.IsBoot -and -not $_.IsSystem })) {
        $number = [int]$disk.Number
        $device = @(Get-CimInstance -ClassName Win32_DiskDrive | Where-Object { [int]$_.Index -eq $number })[0]
        if (-not $device) { continue }
        $drives = @(Get-CimInstance -Namespace $space -ClassName MSFT_Partition | Where-Object { [int]$_.DiskNumber -eq $number } | ForEach-Object { "$($_.DriveLetter)" })
        @{ Name = "$($disk.FriendlyName)"; InstanceId = "$($device.PNPDeviceID)"; Drives = $drives }
    }
}
# endregion

$disabled = @()
foreach ($disk in @(Get-UsbStorage)) {
    Disable-KtDevice -InstanceId $disk.InstanceId
    $disabled += $disk.Name
}

@{
    changed        = $disabled.Count -gt 0
    facts          = @{ disabled = $disabled }
    rebootRequired = $false
}
