<#
.SYNOPSIS
Tells what the update server has piled up, and whether its content is complete. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $Superseded,
    [int] $Obsolete,
    [int] $OlderThanDays
)

$facts = @{ superseded = -1; expired = -1; declinable = -1; obsolete = -1; missingFiles = -1 }
try {
    $backlog = Get-KtWsusBacklog -OlderThanDays $OlderThanDays
    $missing = @(Get-KtWsusMissingFile)
    $count = if ((Get-KtWsusSetup).IsInternal) { Get-KtSusdbObsolete } else { 0 }
}
catch {
    return @{ ok = $false; reason = 'the update server or its database does not answer; look at services and pool first'; facts = $facts }
}
$facts = @{ superseded = $backlog.Superseded; expired = $backlog.Expired; declinable = $backlog.Ids.Count; obsolete = $count; missingFiles = $missing.Count }
$failing = @(Get-KtEvent -Log 'Application' -Provider 'Windows Server Update Services' -Id 364, 12072, 10032 -Days 7).Count

$reason = ''
if ($backlog.Ids.Count -gt 0 -and ($backlog.Superseded -gt $Superseded -or $backlog.Expired -gt 0)) {
    $reason = "$($backlog.Superseded) replaced and $($backlog.Expired) withdrawn updates are not declined; decline $($backlog.Ids.Count) of them"
}
elseif ($count -lt 0 -or $count -gt $Obsolete) { $reason = "$(if ($count -lt 0) { 'too many' } else { $count }) obsolete updates were never deleted; rebuild the indexes of SUSDB, then delete them" }
elseif ($missing.Count -gt 0 -and $failing -gt 0) { $reason = "$($missing.Count) files of approved updates are missing in the content folder; have them fetched again" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = $facts
}
