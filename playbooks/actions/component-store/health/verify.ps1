<#
.SYNOPSIS
Tells whether the component store is whole. Read-only.
.DESCRIPTION
Asks Windows for the state of the store, reads what the newest summary of the servicing log counts, and looks for updates
that failed with codes of a damaged store. Failures older than the last good repair say nothing about now.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [bool] $Deep
)

$image = if ($Deep) { Repair-WindowsImage -Online -ScanHealth } else { Repair-WindowsImage -Online -CheckHealth }
$health = "$($image.ImageHealthState)"

# region store evidence (the same text in restore-health/detect and health/verify)
# The servicing log is always English, its times are local. Its newest summary is the one that counts.
$corrupt = 0
$repairing = $false
$repairedAt = [datetime]::MinValue
foreach ($line in @(Get-KtLogLine -Path "$env:windir\Logs\CBS\CBS.log" -Match 'Total (Detected|Repaired) Corruption:\s+\d+|Operation: Detect|Operation result: 0x')) {
    if ($line -match 'Total Detected Corruption:\s+(\d+)') { $corrupt = [int]$Matches[1] }
    elseif ($line -match 'Total Repaired Corruption:\s+(\d+)') { $corrupt -= [int]$Matches[1] }
    elseif ($line -match 'Operation: Detect') { $repairing = $line -match 'Operation: Detect and Repair' }
    elseif ($repairing -and $line -match '^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}).*Operation result: 0x0\s*$') {
        $repairedAt = [datetime]::ParseExact($Matches[1], 'yyyy-MM-dd HH:mm:ss', [System.Globalization.CultureInfo]::InvariantCulture).ToUniversalTime()
    }
}
$corrupt = [math]::Max($corrupt, 0)

$storeCodes = '0x80073712', '0x800F0831', '0x800736CC', '0x80073701', '0x8007371B'
$provider = 'Microsoft-Windows-WindowsUpdateClient'
$installed = @(Get-KtEvent -Log 'System' -Provider $provider -Id 19 -Days 30)
$failed = @(Get-KtEvent -Log 'System' -Provider $provider -Id 20 -Days 30 | Where-Object {
        $failure = $_
        $failure.Data['errorCode'] -in $storeCodes -and $failure.TimeUtc -gt $repairedAt -and
        @($installed | Where-Object { $_.Data['updateGuid'] -eq $failure.Data['updateGuid'] -and $_.TimeUtc -gt $failure.TimeUtc }).Count -eq 0
    })
# endregion

$codes = @($failed | ForEach-Object { $_.Data['errorCode'] } | Sort-Object -Unique)
$reason = ''
if ($health -ne 'Healthy') { $reason = "Windows holds the component store for $health; repair it with DISM, from a source of the same build where Windows Update has none" }
elseif ($corrupt -gt 0) { $reason = "the servicing log counts $corrupt damaged component(s) that were not repaired" }
elseif ($failed.Count -gt 0) { $reason = "$($failed.Count) installation(s) of updates failed with $($codes -join ', '), which means a damaged component store" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ health = $health; unrepairedCorruption = $corrupt; failedUpdates = $failed.Count; failedWith = $codes }
}
