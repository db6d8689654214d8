<#
.SYNOPSIS
Tells whether the component store is damaged. Read-only.
.DESCRIPTION
Damaged means: Windows has flagged it (ImageHealthState), the servicing log counts more corruption than it repaired, or
updates keep failing with codes that mean a damaged store. CheckHealth takes seconds; with Deep the whole store is read.
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

# The servicing log is always English. Its newest summary is the one that counts.
$corrupt = 0
$log = "$env:windir\Logs\CBS\CBS.log"
foreach ($line in @(Get-KtLogLine -Path $log -Match 'Total (Detected|Repaired) Corruption:\s+\d+')) {
    if ($line -match 'Total Detected Corruption:\s+(\d+)') { $corrupt = [int]$Matches[1] }
    elseif ($line -match 'Total Repaired Corruption:\s+(\d+)') { $corrupt -= [int]$Matches[1] }
}

$storeCodes = '0x80073712', '0x800F0831', '0x800736CC', '0x80073701', '0x8007371B'
$provider = 'Microsoft-Windows-WindowsUpdateClient'
$installed = @(Get-KtEvent -Log 'System' -Provider $provider -Id 19 -Days 30)
$failed = @(Get-KtEvent -Log 'System' -Provider $provider -Id 20 -Days 30 | Where-Object {
        $failure = $_
        $failure.Data['errorCode'] -in $storeCodes -and
        @($installed | Where-Object { $_.Data['updateGuid'] -eq $failure.Data['updateGuid'] -and $_.TimeUtc -gt $failure.TimeUtc }).Count -eq 0
    })

$needed = $health -ne 'Healthy' -or $corrupt -gt 0 -or $failed.Count -gt 0
$possible = $health -ne 'NonRepairable'

@{
    needed   = $needed
    possible = $possible
    reason   = if (-not $possible) { 'the component store cannot be repaired any more; an in-place repair installation is needed' } else { '' }
    facts    = @{ health = $health; unrepairedCorruption = [math]::Max($corrupt, 0); failedUpdates = $failed.Count; repaired = $false }
}
