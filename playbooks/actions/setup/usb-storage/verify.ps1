<#
.SYNOPSIS
Tells whether no disk at a USB port is left. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $MediaPath
)

$left = @(Get-PnpDevice -PresentOnly -ErrorAction SilentlyContinue |
        Where-Object { "$($_.InstanceId)" -like 'USBSTOR\*' -and "$($_.Problem)" -ne 'CM_PROB_DISABLED' -and [int]$_.ConfigManagerErrorCode -ne 22 } | ForEach-Object { "$($_.FriendlyName)" })
@{
    ok     = $left.Count -eq 0
    reason = if ($left.Count -gt 0) { "still at a USB port: $($left -join ', ')" } else { '' }
    facts  = @{ left = $left }
}
