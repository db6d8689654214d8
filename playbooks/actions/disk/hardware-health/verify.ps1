<#
.SYNOPSIS
Tells whether a disk is about to fail. Read-only.
.DESCRIPTION
Numbers of CIM classes, never words: health 0 is good, operational status 5 is a predicted failure. What a disk does not
tell (behind RAID, in virtual machines) is no finding.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $MaxWearPercent,
    [bool] $Strict
)

$failing = @()
$ailing = @()
$disks = @(Get-CimInstance -Namespace 'root/Microsoft/Windows/Storage' -ClassName MSFT_PhysicalDisk -ErrorAction SilentlyContinue)
foreach ($disk in $disks) {
    $name = "$($disk.FriendlyName)"
    if ([int]$disk.HealthStatus -in 1, 2) { $failing += "$name reports a bad health" }
    if (@($disk.OperationalStatus | Where-Object { [int]$_ -eq 5 }).Count -gt 0) { $failing += "$name predicts its failure" }
}
$predicting = @(Get-CimInstance -Namespace 'root/wmi' -ClassName MSStorageDriver_FailurePredictStatus -ErrorAction SilentlyContinue | Where-Object { $_.PredictFailure })
if ($predicting.Count -gt 0 -and $failing.Count -eq 0) { $failing += 'a disk predicts its failure' }

$wear = 0
$readErrors = [long]0
$temperature = 0
foreach ($counter in @(Get-PhysicalDisk -ErrorAction SilentlyContinue | Get-StorageReliabilityCounter -ErrorAction SilentlyContinue)) {
    if ($null -ne $counter.Wear) { $wear = [math]::Max($wear, [int]$counter.Wear) }
    if ($null -ne $counter.ReadErrorsUncorrected) { $readErrors += [long]$counter.ReadErrorsUncorrected }
    if ($null -ne $counter.Temperature) { $temperature = [math]::Max($temperature, [int]$counter.Temperature) }
}
if ($wear -ge $MaxWearPercent) { $failing += "$wear % of the life of a disk are used up" }

# 7: a sector could not be read; 51: an error while paging; 153: a request was repeated
$events = @(Get-KtEvent -Log 'System' -Provider 'disk' -Id 7, 51, 153 -Days 7)
if ($readErrors -gt 0) { $ailing += "$readErrors read(s) failed for good" }
if ($events.Count -gt 0) { $ailing += "$($events.Count) disk error(s) in the event log within 7 days" }
if ($temperature -ge 70) { $ailing += "a disk is $temperature degrees Celsius hot" }

$reason = ''
if ($failing.Count -gt 0) { $reason = "$($failing -join '; '); copy the data away and have the disk replaced before anything is written to it" }
elseif ($Strict -and $ailing.Count -gt 0) { $reason = "$($ailing -join '; '); make a backup and test the disk with the tool of its maker" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ disks = $disks.Count; failing = $failing; wearPercent = $wear; readErrors = $readErrors; temperature = $temperature; diskEvents = $events.Count }
}
