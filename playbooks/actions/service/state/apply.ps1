<#
.SYNOPSIS
Stops or starts a service and gives it the wanted start type.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string] $Name,
    [string] $State,
    [string] $StartType,
    [int] $WaitSeconds
)

$before = Get-KtService -Name $Name
$stop = $State -eq 'Stopped' -and $before.State -ne 'Stopped'
$retype = $StartType -ne 'any' -and $before.StartType -ne $StartType
$start = $State -eq 'Running' -and $before.State -ne 'Running'

# In this order, so that an undo, which goes the other way round, never starts a service that is still disabled.
if ($stop) { Stop-KtService -Name $Name }
if ($retype) { Set-KtServiceStartType -Name $Name -StartType $StartType }
if ($start) { Start-KtService -Name $Name }

$after = Get-KtService -Name $Name
@{
    changed        = $stop -or $retype -or $start
    facts          = @{ name = $Name; state = $after.State; startType = $after.StartType }
    rebootRequired = $false
}
