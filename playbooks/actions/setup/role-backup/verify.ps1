<#
.SYNOPSIS
Tells whether a web server has a recent backup of its configuration. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $MaxAgeDays
)

$isWebServer = (Get-KtService -Name 'W3SVC').Exists
$newest = [datetime]::MinValue
foreach ($backup in @(Get-ChildItem -LiteralPath "$env:windir\System32\inetsrv\backup" -Directory -ErrorAction SilentlyContinue)) { if ($backup.CreationTimeUtc -gt $newest) { $newest = $backup.CreationTimeUtc } }
$recent = $newest -gt [datetime]::UtcNow.AddDays(-$MaxAgeDays)

@{
    ok     = -not $isWebServer -or $recent
    reason = if ($isWebServer -and -not $recent) { "the configuration of IIS has no backup of the last $MaxAgeDays days; make one (Backup-WebConfiguration -Name before-setup) and copy it away" } else { '' }
    facts  = @{ webServer = $isWebServer; recent = $recent }
}
