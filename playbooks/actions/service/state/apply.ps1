<#
.SYNOPSIS
Gives a service the wanted start type, then starts or stops it.
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
$changed = $false
if ($StartType -ne 'any' -and $before.StartType -ne $StartType) {
    Set-KtServiceStartType -Name $Name -StartType $StartType
    $changed = $true
}
if ($State -ne 'any' -and $before.State -ne $State) {
    if ($State -eq 'Running') { Start-KtService -Name $Name } else { Stop-KtService -Name $Name }
    $changed = $true
}

$after = Get-KtService -Name $Name
@{
    changed        = $changed
    facts          = @{ name = $Name; state = $after.State; startType = $after.StartType }
    rebootRequired = $false
}
