<#
.SYNOPSIS
Gives services whose start type is not known to be good the usual one, and starts those that should run.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string] $Set,
    [int] $SettleSeconds,
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

$changed = @()
$started = @()
foreach ($state in @(Compare-Baseline -Table $Tables[$Set])) {
    if ($state.Broken) { throw "$($state.Name): $($state.Broken)" }
    if ($state.Wrong) {
        Set-KtServiceStartType -Name $state.Name -StartType $state.Wanted
        $changed += @{ name = $state.Name; from = $state.Is; to = $state.Wanted }
    }
    if ($state.Stopped) {
        Start-KtService -Name $state.Name
        $started += $state.Name
    }
}

@{
    changed        = $changed.Count -gt 0 -or $started.Count -gt 0
    facts          = @{ corrected = $changed; started = $started }
    rebootRequired = $false
}
