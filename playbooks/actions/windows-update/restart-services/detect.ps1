<#
.SYNOPSIS
Tells whether a service of Windows Update hangs while it stops, or has ended by itself. Read-only.
.DESCRIPTION
A service that is just stopping is given a minute.
.OUTPUTS
needed, possible, reason, facts
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

$dead = Find-DeadService -Name 'UsoSvc', 'wuauserv', 'bits', 'msiserver', 'cryptsvc' -LimitSeconds $WaitSeconds
$busy = @(Get-Process -Name 'TiWorker', 'msiexec' -ErrorAction SilentlyContinue | ForEach-Object { $_.Name } | Sort-Object -Unique)
$disabled = @($dead.Crashed | Where-Object { (Get-KtService -Name $_).StartType -eq 'Disabled' })

$reason = ''
if ($busy.Count -gt 0) { $reason = "an installation is running ($($busy -join ', '))" }
elseif ($disabled.Count -gt 0) { $reason = "$($disabled -join ', ') is disabled; give it its start type back first (service/baseline)" }

@{
    needed   = $dead.Hung.Count -gt 0 -or $dead.Crashed.Count -gt 0
    possible = -not $reason
    reason   = $reason
    facts    = @{ hung = $dead.Hung; crashed = $dead.Crashed }
}
