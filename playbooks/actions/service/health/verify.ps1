<#
.SYNOPSIS
Tells whether the services of a set are right, and none of them hangs or has ended by itself. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Set,
    [hashtable] $Tables
)

# region what is wrong (the same text in service/health and in the scripts of service/baseline; a test compares them)
function Compare-Baseline {
    # One entry for each service of a table: name, is, wanted, wrong (start type), stopped (should run), broken (why it cannot).
    param([object[]] $Table)
    $client = (Get-KtOs).ProductType -eq 1
    foreach ($row in $Table) {
        $service = Get-KtService -Name $row['name']
        if (-not $service.Exists) {
            if (-not $row['optional']) { @{ Name = $row['name']; Is = ''; Wanted = $row['start']; Wrong = $false; Stopped = $false; Broken = 'the service is missing' } }
            continue
        }
        $wanted = $row['start']
        if ($client -and $row['client']) { $wanted = $row['client'] }
        if (-not $client -and $row['server']) { $wanted = $row['server'] }
        $right = $service.StartType -eq $wanted -or $service.StartType -in @($row['also'])
        $broken = ''
        if (-not $service.BinaryExists) { $broken = "its program is missing ($($service.PathName))" }
        else {
            $library = Get-KtRegistryValue -Path "HKLM:\SYSTEM\CurrentControlSet\Services\$($row['name'])\Parameters" -Name 'ServiceDll'
            if ($library.Exists -and -not (Test-Path -LiteralPath ([System.Environment]::ExpandEnvironmentVariables($library.Value)))) {
                $broken = "its library is missing ($($library.Value))"
            }
        }
        @{
            Name    = $service.Name
            Is      = $service.StartType
            Wanted  = $wanted
            Wrong   = -not $right
            Stopped = $wanted -eq 'Automatic' -and $service.State -eq 'Stopped' -and -not $service.TriggerStarted
            Broken  = $broken
        }
    }
}
# endregion

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

$states = @(Compare-Baseline -Table $Tables[$Set])
$dead = Find-DeadService -Name @($states | ForEach-Object { $_.Name }) -LimitSeconds 60

$faults = @()
foreach ($state in $states) {
    if ($state.Broken) { $faults += "$($state.Name): $($state.Broken)" }
    elseif ($state.Wrong) { $faults += "$($state.Name) starts $($state.Is), not $($state.Wanted)" }
    elseif ($state.Stopped -and $state.Name -notin $dead.Crashed) { $faults += "$($state.Name) does not run" }
}
foreach ($name in $dead.Hung) { $faults += "$name hangs while it stops" }
foreach ($name in $dead.Crashed) { $faults += "$name has ended by itself and does not run" }

@{
    ok     = $faults.Count -eq 0
    reason = $faults -join '; '
    facts  = @{ services = @($states | ForEach-Object { @{ name = $_.Name; startType = $_.Is } }); hung = $dead.Hung; crashed = $dead.Crashed }
}
