<#
.SYNOPSIS
Asks the service manager whether the services of the update server run. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$names = @('MSSQL$MICROSOFT##WID', 'WAS', 'W3SVC', 'WsusService')
if (-not (Get-KtWsusSetup).IsInternal) { $names = @($names | Select-Object -Skip 1) }
$down = @(Get-Service -Name $names | Where-Object { "$($_.Status)" -ne 'Running' } | ForEach-Object { $_.Name })

@{
    ok     = $down.Count -eq 0
    reason = $(if ($down.Count -gt 0) { "these do not run: $($down -join ', '); look at the events of the Service Control Manager" } else { '' })
    facts  = @{ down = $down }
}
