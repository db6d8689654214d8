<#
.SYNOPSIS
Tells whether shadow copies of the system drive have too little room. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [int] $RoomGB
)

# region room for shadow copies (the same text in backup/shadow-copies and backup/shadow-storage)
$storage = Get-KtShadowStorage -Drive $env:SystemDrive
$roomMB = if ($null -eq $storage) { -1 } else { [long]($storage.MaxBytes / 1MB) }
$dropped = @(Get-KtEvent -Log 'System' -Provider 'volsnap' -Id 25, 33, 36 -Days 14).Count
$tooSmall = $null -ne $storage -and ($roomMB -lt 320 -or ($dropped -gt 0 -and $roomMB -lt 1024 * $RoomGB))
# endregion
$freeMB = [long]((Get-KtFreeSpace).FreeBytes / 1MB)

$reason = ''
if ($tooSmall -and $freeMB -lt 1024 * $RoomGB) { $reason = "only $freeMB MB of $env:SystemDrive are free; make room first" }

@{
    needed   = $tooSmall
    possible = -not $reason
    reason   = $reason
    facts    = @{ roomMB = $roomMB; dropped = $dropped; freeMB = $freeMB }
}
