<#
.SYNOPSIS
Tells whether the last synchronization of the update server succeeded, and what keeps it from its source. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $Hours
)

$facts = @{ result = ''; error = ''; hoursAgo = -1.0; source = ''; proxy = ''; culprit = '' }
try {
    $server = Get-WsusServer
    $configuration = $server.GetConfiguration()
    $last = $server.GetSubscription().GetLastSynchronizationInfo()
}
catch {
    return @{ ok = $false; reason = 'the update server does not answer; look at its services and its pool first'; facts = $facts }
}

$facts.source = if ($configuration.SyncFromMicrosoftUpdate) { 'sws.update.microsoft.com:443' } else { "$($configuration.UpstreamWsusServerName):$($configuration.UpstreamWsusServerPortNumber)" }
if ($configuration.UseProxy) { $facts.proxy = "$($configuration.ProxyName):$($configuration.ProxyServerPort)" }
if ($null -ne $last) {
    $facts.result = [string]$last.Result
    $facts.error = [string]$last.Error
    $facts.hoursAgo = [Math]::Round(([datetime]::UtcNow - $last.StartTime).TotalHours, 1)
}

$reason = ''
if ($facts.result -ne 'Succeeded') {
    # the next hop is what the server itself has to reach: its proxy, else its source
    $next = if ($facts.proxy) { $facts.proxy } else { $facts.source }
    $name, $port = $next -split ':'
    try {
        [void][System.Net.Dns]::GetHostAddresses($name)
        $client = New-Object -TypeName System.Net.Sockets.TcpClient
        try { if (-not $client.ConnectAsync($name, [int]$port).Wait(10000)) { $facts.culprit = "$next does not answer" } }
        catch { $facts.culprit = "$next does not answer" }
        finally { $client.Dispose() }
    }
    catch { $facts.culprit = "the name $name is not known" }
    $what = if ($facts.proxy) { 'proxy' } elseif ($configuration.SyncFromMicrosoftUpdate) { 'source' } else { 'upstream server' }
    $why = if ($facts.culprit) { "its $what is $next, and $($facts.culprit); set the right $what, or let it through" } else { "its $what $next answers; look at SoftwareDistribution.log" }
    $reason = "the last synchronization ended $(if ($facts.result) { $facts.result } else { 'never' }) ($($facts.error)): $why"
}
elseif ($facts.hoursAgo -gt $Hours) { $reason = "the last synchronization is $($facts.hoursAgo) h old; see whether it is scheduled at all" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = $facts
}
