<#
.SYNOPSIS
Tells how old the newest good backup is. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [double] $MaxAgeDays
)

$good = @(Get-KtEvent -Log 'Microsoft-Windows-Backup' -Provider 'Microsoft-Windows-Backup' -Id 4 -Newest 1)
$ageDays = if ($good.Count -gt 0) { [math]::Round(([datetime]::UtcNow - $good[0].TimeUtc).TotalDays, 1) } else { -1 }

$reason = ''
if ($good.Count -eq 0) { $reason = 'no backup of Windows is known; prove one of another product, or make one before anything is decided' }
elseif ($ageDays -gt $MaxAgeDays) { $reason = "the newest good backup is $ageDays days old; at most $MaxAgeDays are asked for" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ ageDays = $ageDays }
}
