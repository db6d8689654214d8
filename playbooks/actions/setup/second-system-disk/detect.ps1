<#
.SYNOPSIS
Tells whether another disk holds a system partition. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [string] $MediaPath
)

# region system partitions (the same text in all scripts of setup/second-system-disk; a test compares them)
function Get-SystemPartition {
    # Partitions that machines start from, on disks that are online and no USB storage: disk number, unique id, of Windows.
    $space = 'root/Microsoft/Windows/Storage'
    $disks = @{}
    foreach ($disk in @(Get-CimInstance -Namespace $space -ClassName MSFT_Disk)) { if (-not $disk.IsOffline -and [int]$disk.BusType -ne 7) { $disks[[int]$disk.Number] = $disk } }
    foreach ($part in @(Get-CimInstance -Namespace $space -ClassName MSFT_Partition)) {
        $disk = $disks[[int]$part.DiskNumber]
        if (-not $disk) { continue }
        if ("$($part.GptType)" -ne '{c12a7328-f81f-11d2-ba4b-00a0c93ec93b}' -and -not $part.IsActive) { continue }
        @{ Number = [int]$disk.Number; UniqueId = "$($disk.UniqueId)"; Name = "$($disk.FriendlyName)"; IsOurs = [bool]($disk.IsBoot -or $disk.IsSystem) }
    }
}
# endregion

$parts = @(Get-SystemPartition)
$ours = @($parts | Where-Object { $_.IsOurs })
$others = @($parts | Where-Object { -not $_.IsOurs })
$reason = ''
if ($ours.Count -gt 1) { $reason = 'the disk of Windows holds more than one system partition; a person has to look at its partitions, with a full backup at hand' }
elseif ($others.Count -gt 0 -and $MediaPath) {
    $drive = "$($MediaPath)".Substring(0, 1)
    $holds = @(Get-CimInstance -Namespace 'root/Microsoft/Windows/Storage' -ClassName MSFT_Partition | Where-Object { "$($_.DriveLetter)" -eq $drive } | ForEach-Object { [int]$_.DiskNumber })
    if (@($others | Where-Object { $_.Number -in $holds }).Count -gt 0) { $reason = "$MediaPath lies on the disk that has to go offline; copy it to another drive" }
}

@{
    needed   = $ours.Count -gt 1 -or $others.Count -gt 0
    possible = -not $reason
    reason   = $reason
    facts    = @{ systemPartitions = $parts.Count; others = @($others | ForEach-Object { $_.Name }) }
}
