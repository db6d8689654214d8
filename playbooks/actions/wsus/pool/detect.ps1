<#
.SYNOPSIS
Tells whether the pool of the update server is stopped or overloaded. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [int] $QueueLength,
    [int] $PrivateMemoryKB
)

if (-not (Get-KtWsusSetup).Exists -or (Get-KtService -Name 'WAS').State -ne 'Running') {
    return @{ needed = $false; possible = $true; reason = ''; facts = @{ state = ''; status = 0; queueLength = -1; privateMemoryKB = -1 } }
}
# region pool (the same text in detect and verify)
$pool = "system.applicationHost/applicationPools/add[@name='WsusPool']"
$queue = [long](Get-WebConfigurationProperty -PSPath 'MACHINE/WEBROOT/APPHOST' -Filter $pool -Name 'queueLength').Value
$memory = [long](Get-WebConfigurationProperty -PSPath 'MACHINE/WEBROOT/APPHOST' -Filter "$pool/recycling/periodicRestart" -Name 'privateMemory').Value
$state = [string](Get-KtAppPoolState -Name 'WsusPool')
$setup = Get-KtWsusSetup
$status = 0
if ($setup.Port -ne 8531 -and $setup.Port -ne 443) {
    try { $status = [int](Invoke-WebRequest -Uri "http://localhost:$($setup.Port)/ClientWebService/client.asmx" -UseBasicParsing -TimeoutSec 60).StatusCode }
    catch [System.Net.WebException] { $status = if ($null -ne $_.Exception.Response) { [int]$_.Exception.Response.StatusCode } else { -1 } }
}
# endregion

$reason = ''
if (-not $state) { $reason = 'there is no pool WsusPool; repair the role (wsusutil postinstall)' }

@{
    needed   = $state -ne 'Started' -or $status -eq 503
    possible = -not $reason
    reason   = $reason
    facts    = @{ state = $state; status = $status; queueLength = $queue; privateMemoryKB = $memory }
}
