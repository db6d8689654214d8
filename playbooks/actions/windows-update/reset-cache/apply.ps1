<#
.SYNOPSIS
Stops the update services, sets SoftwareDistribution and catroot2 aside, starts the services again.
.DESCRIPTION
Every effect goes through a change function of the host kit: it writes what was there before it changes anything, so this
action needs no undo script. wuauserv, UsoSvc and cryptsvc are trigger-started and come back within seconds:
Rename-KtFolder stops them again and retries. Where SoftwareDistribution itself is held open, the folders in it that
matter are set aside instead. Nothing is deleted, and the client id of the update agent stays.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

$services = 'UsoSvc', 'wuauserv', 'bits', 'msiserver', 'cryptsvc'
$needed = 'cryptsvc', 'bits', 'wuauserv'

# Found out before anything is changed: a disabled service could not be started again afterwards.
$before = @(Get-KtService -Name $services)
foreach ($service in $before) {
    if ($service.Name -in $needed -and (-not $service.Exists -or $service.StartType -eq 'Disabled')) {
        throw "the service $($service.Name) is missing or disabled; use service/baseline first"
    }
}
$running = @($before | Where-Object { $_.State -eq 'Running' } | ForEach-Object { $_.Name })
$dependent = @($running | ForEach-Object { Get-Service -Name $_ -DependentServices } |
        Where-Object { $_.Status -eq 'Running' -and $_.Name -notin $services } | ForEach-Object { $_.Name } | Sort-Object -Unique)

Stop-KtService -Name $services -EndHung

$setAside = @()
$cache = "$env:windir\SoftwareDistribution"
try {
    $setAside += @(Rename-KtFolder -Path $cache -Aside -KeepStopped $services)
}
catch {
    if ($_.FullyQualifiedErrorId -notmatch '^KtRenameRefused') { throw }
    foreach ($folder in "$cache\DataStore", "$cache\Download") {
        $setAside += @(Rename-KtFolder -Path $folder -Aside -KeepStopped $services)
    }
}
$setAside += @(Rename-KtFolder -Path "$env:windir\System32\catroot2" -Aside -KeepStopped $services)

# In this order; then what ran before and does not start by itself.
Start-KtService -Name $needed
$others = @($running | Where-Object { $_ -notin $needed -and $_ -ne 'msiserver' }) + $dependent
if ($others.Count -gt 0) { Start-KtService -Name $others }

@{
    changed        = $setAside.Count -gt 0
    facts          = @{ setAside = $setAside; restarted = @($needed) + $others }
    rebootRequired = $false
}
