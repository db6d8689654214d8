<#
.SYNOPSIS
Application pools of IIS: state.
#>

function Get-KtAppPoolState {
    <# .SYNOPSIS Started, Stopped, Starting or Stopping; nothing where there is no such pool, or nothing that runs pools. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name)
    $state = Get-WebAppPoolState -Name $Name -ErrorAction SilentlyContinue
    if ($null -ne $state) { [string]$state.Value }
}

function Start-KtAppPool {
    <# .SYNOPSIS Starts an application pool. Undone by stopping it again. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name)
    $state = Get-KtAppPoolState -Name $Name
    if ($state -eq 'Started') { return }
    Write-KtBefore -Change 'app-pool' -Target $Name -Before ([ordered]@{ state = [string]$state })
    Start-WebAppPool -Name $Name
    if ((Get-KtAppPoolState -Name $Name) -ne 'Started') {
        throw (New-KtError -Id 'KtNotProven' -Message "Pool $Name does not stay started; look at the events of the provider WAS in the System log." -Target $Name)
    }
}

function Undo-KtAppPool {
    [CmdletBinding()]
    param([string]$Name, [object]$Before)
    if ([string]$Before.state -eq 'Started' -or (Get-KtAppPoolState -Name $Name) -ne 'Started') { return }
    Stop-WebAppPool -Name $Name
}
