<#
.SYNOPSIS
Sets the room for shadow copies of the system drive.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [int] $RoomGB
)

Set-KtShadowStorage -Drive $env:SystemDrive -MaxBytes ([uint64]$RoomGB * 1GB)

@{
    changed        = $true
    facts          = @{ roomGB = $RoomGB }
    rebootRequired = $false
}
