<#
.SYNOPSIS
Tells whether a service has the wanted state and start type. Read-only.
.DESCRIPTION
A service that is still starting or stopping is given WaitSeconds.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Name,
    [string] $State,
    [string] $StartType,
    [int] $WaitSeconds
)

$watch = [System.Diagnostics.Stopwatch]::StartNew()
while ($true) {
    $service = Get-KtService -Name $Name
    $rightType = $StartType -eq 'any' -or $service.StartType -eq $StartType
    $rightState = $State -eq 'any' -or $service.State -eq $State
    if (($service.Exists -and $rightType -and $rightState) -or $watch.Elapsed.TotalSeconds -ge $WaitSeconds) { break }
    Start-Sleep -Seconds 1
}

$reason = ''
if (-not $service.Exists) { $reason = "there is no service $Name" }
elseif (-not $rightType) { $reason = "the start type of $Name is $($service.StartType), not $StartType" }
elseif (-not $rightState) { $reason = "$Name is $($service.State), not $State" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ name = $Name; state = $service.State; startType = $service.StartType }
}
