<#
.SYNOPSIS
Looks at the files themselves: all there, or still under way. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $WaitMinutes
)

$missing = @(Get-KtWsusMissingFile)
$progress = (Get-WsusServer).GetContentDownloadProgress()
$underWay = $progress.DownloadedBytes -gt 0 -and $progress.DownloadedBytes -lt $progress.TotalBytesToDownload

$reason = ''
if ($missing.Count -gt 0 -and -not $underWay) { $reason = "$($missing.Count) files are still missing and nothing is being fetched; look at the events 364 of the provider Windows Server Update Services" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ missing = $missing.Count; underWay = $underWay }
}
