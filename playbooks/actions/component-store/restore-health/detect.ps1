<#
.SYNOPSIS
Tells whether the component store is damaged. Read-only.
.DESCRIPTION
Damaged means: Windows has flagged it (ImageHealthState), the servicing log counts more corruption than it repaired, or
updates have failed since the last good repair with codes that mean a damaged store. CheckHealth takes seconds; with Deep the whole store is read.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [bool] $Deep,
    [string] $Source,
    [bool] $LimitAccess
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

$needed = $health -ne 'Healthy' -or $corrupt -gt 0 -or $failed.Count -gt 0
# Windows Update has no good copy then; a source of the caller's own may.
$possible = $health -ne 'NonRepairable' -or $Source

@{
    needed   = $needed
    possible = [bool]$possible
    reason   = if (-not $possible) { 'Windows Update cannot repair the component store; give a source of the same build (parameter source), or repair Windows in place' } else { '' }
    facts    = @{ health = $health; unrepairedCorruption = $corrupt; failedUpdates = $failed.Count; repaired = $false }
}
