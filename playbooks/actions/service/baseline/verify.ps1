<#
.SYNOPSIS
Tells whether all services of the set are right and stay right for SettleSeconds. Read-only.
.DESCRIPTION
Services that end unexpectedly meanwhile (events 7031 and 7034) count as wrong. These events name the service by its
display name, so it is compared with the display name that the same host gives.
.OUTPUTS
ok, reason, facts
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

$start = [datetime]::UtcNow
$states = @(Compare-Baseline -Table $Tables[$Set])
$bad = @($states | Where-Object { $_.Wrong -or $_.Stopped -or $_.Broken })
$ended = @()
if ($bad.Count -eq 0) {
    Start-Sleep -Seconds $SettleSeconds
    $states = @(Compare-Baseline -Table $Tables[$Set])
    $bad = @($states | Where-Object { $_.Wrong -or $_.Stopped -or $_.Broken })
    $displayNames = @(Get-Service -Name @($states | ForEach-Object { $_.Name }) | ForEach-Object { $_.DisplayName })
    $ended = @(Get-KtEvent -Log 'System' -Provider 'Service Control Manager' -Id 7031, 7034 -Days 1 |
            Where-Object { $_.TimeUtc -ge $start -and $_.Data['param1'] -in $displayNames })
}

$reason = ''
if ($bad.Count -gt 0) { $reason = "not right: $(@($bad | ForEach-Object { $_.Name }) -join ', ')" }
elseif ($ended.Count -gt 0) { $reason = "ended unexpectedly: $(@($ended | ForEach-Object { $_.Data['param1'] }) -join ', ')" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ services = @($states | ForEach-Object { @{ name = $_.Name; startType = $_.Is } }) }
}
