<#
.SYNOPSIS
Reads back whether a download failed since the last one that was good, by the log of the agent, and whether files lie in its cache. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$log = 'Microsoft-Windows-WindowsUpdateClient/Operational'
$failed = @(Get-KtEvent -Log $log -Provider 'Microsoft-Windows-WindowsUpdateClient' -Id 31 -Days 1 -Newest 1)
$good = @(Get-KtEvent -Log $log -Provider 'Microsoft-Windows-WindowsUpdateClient' -Id 41 -Days 1 -Newest 1)
$bad = $failed.Count -gt 0 -and ($good.Count -eq 0 -or $good[0].TimeUtc -lt $failed[0].TimeUtc)
$size = Get-KtFolderSize -Path "$env:windir\SoftwareDistribution\Download"

$reason = ''
if ($bad) { $reason = "the last download ended with $($failed[0].Data['errorCode'])" }
elseif ($good.Count -gt 0 -and $size.Files -eq 0) { $reason = 'nothing lies in the cache: what was downloaded was taken away again' }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ files = $size.Files; bytes = $size.Bytes }
}
