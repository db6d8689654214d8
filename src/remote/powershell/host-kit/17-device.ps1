<#
.SYNOPSIS
Devices, disks, file systems and disk images, and names of registry keys.
#>

function Get-KtDeviceProblem {
    <# .SYNOPSIS The problem code of a device (22: disabled); -1 where it is not there. #>
    [CmdletBinding()]
    param([string]$InstanceId)
    $found = @(Get-CimInstance -ClassName Win32_PnPEntity -ErrorAction SilentlyContinue | Where-Object { $_.DeviceID -eq $InstanceId })
    if ($found.Count -eq 0) { return -1 }
    [int]$found[0].ConfigManagerErrorCode
}

function Disable-KtDevice {
    <#
    .SYNOPSIS
    Disables a device, for the run alone: undone by enabling it, at its end and by the dead-man task too. One that is not there or is disabled is left alone.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$InstanceId)
    if ((Get-KtDeviceProblem -InstanceId $InstanceId) -in -1, 22) { return }
    Write-KtBefore -Change 'device' -Target $InstanceId -Before ([ordered]@{ enabled = $true }) -Weakens 'protection'
    Disable-PnpDevice -InstanceId $InstanceId -Confirm:$false
    $now = Get-KtDeviceProblem -InstanceId $InstanceId
    if ($now -ne 22) { throw (New-KtError -Id 'KtNotProven' -Message "Device $InstanceId should be disabled, but has the problem code $now." -Target $InstanceId) }
}

function Undo-KtDevice {
    [CmdletBinding()]
    param([string]$InstanceId)
    # one that was unplugged meanwhile is enabled by nobody
    if ((Get-KtDeviceProblem -InstanceId $InstanceId) -ne 22) { return }
    Enable-PnpDevice -InstanceId $InstanceId -Confirm:$false
    if ((Get-KtDeviceProblem -InstanceId $InstanceId) -eq 22) { throw (New-KtError -Id 'KtNotProven' -Message "Device $InstanceId is still disabled." -Target $InstanceId) }
}

function Get-KtDisk {
    <# .SYNOPSIS The disk with an id that stays the same over restarts; nothing where there is none. #>
    [CmdletBinding()]
    param([string]$UniqueId)
    @(Get-Disk | Where-Object { [string]$_.UniqueId -eq $UniqueId }) | Select-Object -First 1
}

function Disable-KtDisk {
    <#
    .SYNOPSIS
    Takes a disk offline, for the run alone: undone by bringing it online, at its end and by the dead-man task too. The disk of Windows is refused.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$UniqueId)
    $disk = Get-KtDisk -UniqueId $UniqueId
    if ($null -eq $disk -or $disk.IsOffline) { return }
    if ($disk.IsBoot -or $disk.IsSystem) { throw (New-KtError -Id 'KtOutsideRoot' -Message "Disk $UniqueId holds Windows; it is not taken offline." -Target $UniqueId) }
    Write-KtBefore -Change 'disk' -Target $UniqueId -Before ([ordered]@{ offline = $false }) -Weakens 'protection'
    Set-Disk -UniqueId $UniqueId -IsOffline $true
    if (-not (Get-KtDisk -UniqueId $UniqueId).IsOffline) { throw (New-KtError -Id 'KtNotProven' -Message "Disk $UniqueId is still online." -Target $UniqueId) }
}

function Undo-KtDisk {
    [CmdletBinding()]
    param([string]$UniqueId)
    $disk = Get-KtDisk -UniqueId $UniqueId
    if ($null -eq $disk -or -not $disk.IsOffline) { return }
    Set-Disk -UniqueId $UniqueId -IsOffline $false
    if ((Get-KtDisk -UniqueId $UniqueId).IsOffline) { throw (New-KtError -Id 'KtNotProven' -Message "Disk $UniqueId is still offline." -Target $UniqueId) }
}

function Repair-KtVolume {
    <#
    .SYNOPSIS
    Checks a file system while it is in use and has what a spot fix can repair repaired, at the next start where Windows runs from it. Irreversible: the
    damage cannot be brought back.
    .OUTPUTS
    What the check found and the repair came to: NoErrorsFound, RepairedSuccessfully, RebootNeeded (at the next start), FullRepairNeeded (nothing was repaired)
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][ValidatePattern('^[A-Za-z]:$')][string]$Drive, [Parameter(Mandatory = $true)][string]$Reason)
    $letter = $Drive.Substring(0, 1)
    Write-KtBefore -Change 'file-system' -Target "volume:$($Drive.ToUpperInvariant())" -Before ([ordered]@{ drive = $Drive }) -Irreversible $Reason
    $found = [string](Repair-Volume -DriveLetter $letter -Scan)
    if ($found -ne 'SpotFixNeeded') { return $found }
    [string](Repair-Volume -DriveLetter $letter -SpotFix)
}

function Mount-KtImage {
    <#
    .SYNOPSIS
    Mounts an ISO file, for the run alone: undone by dismounting it, at its end and by the dead-man task too.
    .OUTPUTS
    Its drive, as `D:`
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path)
    if (-not (Get-DiskImage -ImagePath $Path).Attached) {
        Write-KtBefore -Change 'disk-image' -Target $Path -Before ([ordered]@{ attached = $false }) -Weakens 'protection'
        Mount-DiskImage -ImagePath $Path | Out-Null
    }
    $letter = [string](Get-Volume -DiskImage (Get-DiskImage -ImagePath $Path)).DriveLetter
    if (-not $letter) { throw (New-KtError -Id 'KtNotProven' -Message "$Path was mounted, but has no drive." -Target $Path) }
    "${letter}:"
}

function Undo-KtImage {
    [CmdletBinding()]
    param([string]$Path)
    # a start of Windows has dismounted it already
    if ((Test-Path -LiteralPath $Path) -and (Get-DiskImage -ImagePath $Path).Attached) { Dismount-DiskImage -ImagePath $Path | Out-Null }
}

function Rename-KtRegistryKey {
    <# .SYNOPSIS Gives a registry key our suffix, so that Windows knows it no more. Undone by its old name. Gives the new path; nothing where there is no such key. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path)
    if (-not (Test-Path -LiteralPath $Path)) { return }
    $to = Get-KtAsideName -Path $Path
    Write-KtBefore -Change 'registry-rename' -Target $Path -Before ([ordered]@{ from = $Path; to = $to })
    Rename-Item -LiteralPath $Path -NewName $to.Substring($to.LastIndexOf('\') + 1)
    $to
}

function Undo-KtRegistryRename {
    [CmdletBinding()]
    param([object]$Before)
    $from = [string]$Before.from
    if (-not (Test-Path -LiteralPath ([string]$Before.to))) { return }
    if (Test-Path -LiteralPath $from) { throw (New-KtError -Id 'KtNotProven' -Message "Registry key $from is there again; the old one stays as $($Before.to)." -Target $from) }
    Rename-Item -LiteralPath ([string]$Before.to) -NewName $from.Substring($from.LastIndexOf('\') + 1)
}
