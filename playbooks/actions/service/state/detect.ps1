<#
.SYNOPSIS
Tells whether a service differs from the wanted state or start type. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Name,
    [string] $State,
    [string] $StartType,
    [int] $WaitSeconds
)

$service = Get-KtService -Name $Name
$wrongType = $service.Exists -and $StartType -ne 'any' -and $service.StartType -ne $StartType
$wrongState = $service.Exists -and $State -ne 'any' -and $service.State -ne $State
# With no start type asked for, a disabled service stays what somebody made it.
$stuck = $State -eq 'Running' -and $service.Exists -and ($StartType -eq 'Disabled' -or ($StartType -eq 'any' -and $service.StartType -eq 'Disabled'))

$reason = ''
if (-not $service.Exists) { $reason = "there is no service $Name" }
elseif ($stuck) { $reason = "$Name is disabled and cannot be started; say which startType it should have" }

@{
    needed   = -not $service.Exists -or $wrongType -or $wrongState
    possible = -not $reason
    reason   = $reason
    facts    = @{ name = $Name; state = $service.State; startType = $service.StartType }
}
