<#
.SYNOPSIS
Tells which VSS writers have failed, and whose service can be started anew. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param()

$failed = @()
if ((Get-KtService -Name 'VSS').StartType -ne 'Disabled') { $failed = @(Get-KtVssWriter | Where-Object { $_.State -ge 6 }) }
$services = @($failed | ForEach-Object { $_.Service } | Where-Object { $_ } | Sort-Object -Unique)
$foreign = @($failed | Where-Object { -not $_.Service } | ForEach-Object { $_.Id })

$reason = ''
if ($foreign.Count -gt 0) { $reason = "writers of other makers have failed ($($foreign -join ', ')): have their application started anew" }
elseif ('Schedule' -in $services) { $reason = 'the writer of the task service has failed, which Windows lets nobody stop: restart the host' }
elseif ('CryptSvc' -in $services -and (Get-KtService -Name 'TrustedInstaller').State -eq 'Running') { $reason = 'the System Writer has failed while Windows installs something; run again when that has ended' }

@{
    needed   = $failed.Count -gt 0
    possible = -not $reason
    reason   = $reason
    facts    = @{ failed = @($failed | ForEach-Object { $_.Id }); states = @($failed | ForEach-Object { $_.State }); services = $services }
}
