<#
.SYNOPSIS
Counts the replaced and withdrawn updates that nobody declined. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [int] $OlderThanDays,
    [int] $Superseded
)

$facts = @{ superseded = -1; expired = -1; declinable = -1; replica = $false }
if (-not (Get-KtWsusSetup).Exists) { return @{ needed = $false; possible = $true; reason = ''; facts = $facts } }
try {
    $server = Get-WsusServer
    $backlog = Get-KtWsusBacklog -OlderThanDays $OlderThanDays
}
catch {
    # services and pool come first; asked again when it is this step's turn
    return @{ needed = $false; possible = $true; reason = ''; facts = $facts }
}
$facts = @{
    superseded = $backlog.Superseded; expired = $backlog.Expired; declinable = $backlog.Ids.Count
    replica    = [bool]$server.GetConfiguration().IsReplicaServer
}

$reason = ''
if ($facts.replica) { $reason = 'this is a replica: it takes over what its upstream server declines; run there' }
elseif ([string]$server.GetSubscription().GetSynchronizationStatus() -ne 'NotProcessing') { $reason = 'a synchronization runs, and would bring back what is declined meanwhile; run again when it has ended' }

@{
    needed   = $facts.declinable -gt 0 -and ($facts.superseded -gt $Superseded -or $facts.expired -gt 0)
    possible = -not $reason
    reason   = $reason
    facts    = $facts
}
