<#
.SYNOPSIS
Gives disabled services of the update server their start type back and starts what does not run.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

$names = @('MSSQL$MICROSOFT##WID', 'WAS', 'W3SVC', 'WsusService')
if (-not (Get-KtWsusSetup).IsInternal) { $names = @($names | Select-Object -Skip 1) }
$started = @()
foreach ($service in Get-KtService -Name $names) {
    if ($service.StartType -eq 'Disabled') { Set-KtServiceStartType -Name $service.Name -StartType Automatic }
    if ($service.State -ne 'Running') {
        Start-KtService -Name $service.Name -LimitSeconds 180
        $started += $service.Name
    }
}

@{
    changed        = $started.Count -gt 0
    facts          = @{ started = $started }
    rebootRequired = $false
}
