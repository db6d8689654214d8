<#
.SYNOPSIS
Stops the services of Windows Update in their order, ends what hangs, and starts again what ran or should.
.DESCRIPTION
What depends on them and ran is started, too. msiserver rests while nothing is installed, so it is started only where it ran.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [int] $WaitSeconds
)

# region services that hang or have ended (the same text in service/health and in the scripts of windows-update/restart-services)
function Find-DeadService {
    # Hung: still StopPending after the limit. Crashed: stopped with exit code 1067 (the process ended by itself) and not started since.
    param([string[]] $Name, [int] $LimitSeconds)
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    do {
        $services = @(Get-CimInstance -ClassName Win32_Service | Where-Object { $_.Name -in $Name })
        $hung = @($services | Where-Object { $_.State -in 'Stop Pending', 'StopPending' } | ForEach-Object { $_.Name })
        $wait = $hung.Count -gt 0 -and $watch.Elapsed.TotalSeconds -lt $LimitSeconds
        if ($wait) { Start-Sleep -Seconds 5 }
    } while ($wait)
    @{
        Hung    = $hung
        Crashed = @($services | Where-Object { $_.State -eq 'Stopped' -and $_.ExitCode -eq 1067 } | ForEach-Object { $_.Name })
        Running = @($services | Where-Object { $_.State -eq 'Running' } | ForEach-Object { $_.Name })
    }
}
# endregion

$order = 'UsoSvc', 'wuauserv', 'bits', 'msiserver', 'cryptsvc'
$dead = Find-DeadService -Name $order -LimitSeconds 0
$dependents = @($order | Where-Object { (Get-KtService -Name $_).Exists } | ForEach-Object { Get-Service -Name $_ -DependentServices } |
        Where-Object { "$($_.Status)" -eq 'Running' } | ForEach-Object { $_.Name } | Where-Object { $_ -notin $order } | Select-Object -Unique)
$again = @($dead.Running + $dead.Hung + $dead.Crashed)

Stop-KtService -Name $order -EndHung
foreach ($name in 'cryptsvc', 'msiserver', 'bits', 'wuauserv', 'UsoSvc') {
    if ($name -in $again) { Start-KtService -Name $name }
}
foreach ($name in $dependents) { Start-KtService -Name $name }

@{ changed = $true; facts = @{ restarted = $again; dependents = $dependents }; rebootRequired = $false }
