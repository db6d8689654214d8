<#
.SYNOPSIS
Tells which services of the update server are disabled or do not run. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param()

$setup = Get-KtWsusSetup
# the database first: the others need it
$names = @('MSSQL$MICROSOFT##WID', 'WAS', 'W3SVC', 'WsusService')
if (-not $setup.IsInternal) { $names = @($names | Select-Object -Skip 1) }
$services = @(Get-KtService -Name $names)
$disabled = @($services | Where-Object { $_.StartType -eq 'Disabled' } | ForEach-Object { $_.Name })
$stopped = @($services | Where-Object { $_.Exists -and $_.State -ne 'Running' } | ForEach-Object { $_.Name })
$missing = @($services | Where-Object { -not $_.Exists -or -not $_.BinaryExists } | ForEach-Object { $_.Name })

$reason = ''
if ($missing.Count -gt 0) { $reason = "services of the update server are missing or have lost their program: $($missing -join ', '); repair the role" }

@{
    needed   = $setup.Exists -and ($disabled.Count + $stopped.Count + $missing.Count) -gt 0
    possible = -not $reason
    reason   = $reason
    facts    = @{ disabled = $disabled; stopped = $stopped; missing = $missing }
}
