<#
.SYNOPSIS
Tells whether this host needs a new image, and where it can be made. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [int] $Days
)

# region newest image (the same text in backup/image and backup/create)
$images = @(Get-KtBackupImage)
$newest = if ($images.Count -gt 0) { $images[0] } else { $null }
$damaged = @(if ($null -ne $newest) { $newest.Files | Where-Object { -not (Test-KtDiskImage -Path $_) } })
$drives = @(Get-CimInstance -ClassName Win32_LogicalDisk -Filter 'DriveType=3' | ForEach-Object { [string]$_.DeviceID } |
        Where-Object { $_ -ne $env:SystemDrive -and (Test-Path -LiteralPath "$_\WindowsImageBackup") })
$problem = ''
if ($null -eq $newest -and $drives.Count -gt 0) { $problem = "$($drives[0])\WindowsImageBackup holds no image of this host where Windows looks for it (0x80070003); it may have been moved" }
elseif ($null -ne $newest -and $newest.Files.Count -eq 0) { $problem = "the image $($newest.Path) holds no virtual disk" }
elseif ($damaged.Count -gt 0) { $problem = "the image $($damaged[0]) is damaged (a recovery ends with 0x80070057)" }
elseif ($null -ne $newest -and $newest.AgeDays -gt $Days) { $problem = "the newest image is $($newest.AgeDays) days old" }
elseif ($null -ne $newest -and $newest.Drive -eq $env:SystemDrive) { $problem = "the newest image lies on $env:SystemDrive itself; store it apart" }
# endregion

$reason = ''
if ($problem -and $drives.Count -eq 0) { $reason = 'no other drive holds images of this host; choose one and have the first image made there' }
elseif ($problem -and (Get-KtFreeSpace -Drive $drives[0]).FreeBytes -lt 20GB) { $reason = "$($drives[0]) has less than 20 GB free; make room or give images another drive" }

@{
    needed   = [bool]$problem
    possible = -not $reason
    reason   = $reason
    facts    = @{ problem = $problem; drive = $(if ($drives.Count -gt 0) { $drives[0] } else { '' }); damaged = $damaged; images = $images.Count }
}
