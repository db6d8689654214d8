<#
.SYNOPSIS
Tells whether the newest image of this host could be restored. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $Days,
    [bool] $Required
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
if (-not $problem -and $null -eq $newest -and $Required) { $problem = 'this host has no image of its own; have one made on another disk' }

@{
    ok     = -not $problem
    reason = $(if ($problem) { "$problem; have a new one made" } else { '' })
    facts  = @{ problem = $problem; images = $images.Count; newest = $(if ($null -ne $newest) { [string]$newest.Path } else { '' }); ageDays = $(if ($null -ne $newest) { $newest.AgeDays } else { -1.0 }); damaged = $damaged }
}
