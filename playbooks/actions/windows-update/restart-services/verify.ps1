<#
.SYNOPSIS
Tells whether no service of Windows Update hangs or has ended by itself. Read-only.
.OUTPUTS
ok, reason, facts
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

$names = 'UsoSvc', 'wuauserv', 'bits', 'msiserver', 'cryptsvc'
$dead = Find-DeadService -Name $names -LimitSeconds $WaitSeconds
# asked of the control manager itself, too
$pending = @(Get-Service -Name $names -ErrorAction SilentlyContinue | Where-Object { "$($_.Status)" -like '*Pending' } | ForEach-Object { $_.Name })

$reason = ''
if ($dead.Hung.Count -gt 0 -or $pending.Count -gt 0) { $reason = "$(@($dead.Hung + $pending | Select-Object -Unique) -join ', ') hangs" }
elseif ($dead.Crashed.Count -gt 0) { $reason = "$($dead.Crashed -join ', ') has ended by itself again" }

@{ ok = -not $reason; reason = $reason; facts = @{ running = $dead.Running } }
