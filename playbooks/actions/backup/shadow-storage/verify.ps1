<#
.SYNOPSIS
Reads the room for shadow copies back. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $RoomGB
)

$storage = Get-KtShadowStorage -Drive $env:SystemDrive
$roomMB = if ($null -eq $storage) { -1 } else { [long]($storage.MaxBytes / 1MB) }

@{
    ok     = $roomMB -ge 1024 * $RoomGB
    reason = $(if ($roomMB -lt 1024 * $RoomGB) { "shadow copies of $env:SystemDrive may take $roomMB MB, not $RoomGB GB" } else { '' })
    facts  = @{ roomMB = $roomMB }
}
