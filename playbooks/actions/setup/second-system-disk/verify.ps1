<#
.SYNOPSIS
Tells whether one system partition is left. Read-only.
.OUTPUTS
ok, reason, facts
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
@{
    ok     = $parts.Count -eq 1
    reason = if ($parts.Count -ne 1) { "$($parts.Count) system partitions are online; setup needs one" } else { '' }
    facts  = @{ systemPartitions = $parts.Count }
}
