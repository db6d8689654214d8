<#
.SYNOPSIS
Tells whether the services and the pool of the update server run and its page for clients answers. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$setup = Get-KtWsusSetup
if (-not $setup.Exists) { return @{ ok = $false; reason = 'this host is no update server'; facts = @{ down = @(); pool = ''; status = 0 } } }
$names = @('WAS', 'W3SVC', 'WsusService')
if ($setup.IsInternal) { $names += 'MSSQL$MICROSOFT##WID' }
$down = @(Get-KtService -Name $names | Where-Object { $_.State -ne 'Running' } | ForEach-Object { $_.Name })
$pool = [string](Get-KtAppPoolState -Name 'WsusPool')

# With TLS alone the page answers under the name of the certificate only: nothing is asked then.
$status = 0
if ($setup.Port -ne 8531 -and $setup.Port -ne 443) {
    try { $status = [int](Invoke-WebRequest -Uri "http://localhost:$($setup.Port)/ClientWebService/client.asmx" -UseBasicParsing -TimeoutSec 60).StatusCode }
    catch [System.Net.WebException] { $status = if ($null -ne $_.Exception.Response) { [int]$_.Exception.Response.StatusCode } else { -1 } }
}

$reason = ''
if ($down.Count -gt 0) { $reason = "services of the update server do not run: $($down -join ', '); start them" }
elseif ($pool -ne 'Started') { $reason = "the pool WsusPool is $(if ($pool) { $pool } else { 'missing' }), so clients get 503; raise its limits and start it" }
elseif ($status -notin 0, 200) { $reason = "the page for clients answers $status; 503: the pool's queue or memory limit is too low" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ down = $down; pool = $pool; status = $status }
}
