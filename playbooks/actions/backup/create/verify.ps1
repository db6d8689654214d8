<#
.SYNOPSIS
Opens the newest image, which must be of today. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $Days
)

$images = @(Get-KtBackupImage)
$isNew = $images.Count -gt 0 -and $images[0].AgeDays -lt 1 -and $images[0].Files.Count -gt 0
$damaged = @(if ($isNew) { $images[0].Files | Where-Object { -not (Test-KtDiskImage -Path $_) } })

$reason = ''
if (-not $isNew) { $reason = 'there is no image of today' }
elseif ($damaged.Count -gt 0) { $reason = "the new image $($damaged[0]) cannot be opened; its drive may be failing" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ images = $images.Count; damaged = $damaged }
}
