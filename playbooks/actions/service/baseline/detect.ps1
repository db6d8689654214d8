<#
.SYNOPSIS
Tells which services of a set do not have a start type that is known to be good. Read-only.
.DESCRIPTION
Not possible where a service or its program is missing (only a healthy host of the same build can give it back), and
where Group Policy sets the start type (it would come back at the next refresh).
.OUTPUTS
needed, possible, reason, facts
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

$states = @(Compare-Baseline -Table $Tables[$Set])
$wrong = @($states | Where-Object { $_.Wrong })
$stopped = @($states | Where-Object { $_.Stopped })
$broken = @($states | Where-Object { $_.Broken })

$policies = @(Get-CimInstance -Namespace 'root/rsop/computer' -ClassName RSOP_SystemService -ErrorAction SilentlyContinue | ForEach-Object { $_.Service })
$byPolicy = @($wrong | Where-Object { $_.Name -in $policies } | ForEach-Object { $_.Name })

$reason = ''
if ($broken.Count -gt 0) { $reason = (@($broken | ForEach-Object { "$($_.Name): $($_.Broken)" }) -join '; ') + '; bring it back from a healthy host of the same build' }
elseif ($byPolicy.Count -gt 0) { $reason = "Group Policy sets the start type of $($byPolicy -join ', '); its owner has to change it" }

@{
    needed   = $wrong.Count -gt 0 -or $stopped.Count -gt 0 -or $broken.Count -gt 0
    possible = -not $reason
    reason   = $reason
    facts    = @{
        wrongStartTypes = @($wrong | ForEach-Object { @{ name = $_.Name; is = $_.Is; wanted = $_.Wanted } })
        stopped         = @($stopped | ForEach-Object { $_.Name })
        byPolicy        = $byPolicy
    }
}
