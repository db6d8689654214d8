<#
.SYNOPSIS
Reads the limits of the pool back, and asks the page that clients ask. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $QueueLength,
    [int] $PrivateMemoryKB
)

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
if ($state -ne 'Started') { $reason = 'the pool WsusPool does not stay started; look at the events of the provider WAS in the System log' }
elseif ($status -notin 0, 200) { $reason = "the page for clients still answers $status" }
elseif ($queue -lt $QueueLength) { $reason = "the queue of the pool is $queue, not $QueueLength" }
elseif ($memory -ne 0 -and ($PrivateMemoryKB -eq 0 -or $memory -lt $PrivateMemoryKB)) { $reason = "the memory limit of the pool is $memory KB" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ state = $state; status = $status; queueLength = $queue; privateMemoryKB = $memory }
}
