<#
.SYNOPSIS
Repairs the component store with DISM.
.DESCRIPTION
Runs in the system lane: in a remote session the repair source cannot be reached, and the session may end before DISM
does. Tried a second time when the servicing process died (1726), which a fresh start cures.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [bool] $Deep,
    [string] $Source,
    [bool] $LimitAccess
)

$log = "$env:windir\Logs\CBS\CBS.log"
$logBytes = [long](Get-KtFileLength -Path $log)
$healthBefore = "$((Repair-WindowsImage -Online -CheckHealth).ImageHealthState)"

$arguments = @('/English', '/Online', '/Cleanup-Image', '/RestoreHealth', '/NoRestart')
if ($Source) { $arguments += "/Source:$Source" }
if ($LimitAccess) { $arguments += '/LimitAccess' }
$run = $null
foreach ($attempt in 1, 2) {
    $run = Invoke-KtProgram -File "$env:windir\System32\Dism.exe" -Arguments $arguments -Irreversible 'damaged files are replaced' -Leaves 'component-store', 'system-files' -LimitSeconds 5100
    if ($run.ExitCode -ne 1726) { break }
}
if ($run.ExitCode -notin 0, 3010) {
    $code = $run.Hex
    $advice = switch ($code) {
        { $_ -in '0x800F081F', '0x800F0906', '0x800F0907', '0x800F0954' } { 'no repair source was found; give one of the same build with the parameter source' }
        '0x00000070' { 'the disk is full' }
        '0x000002E4' { 'the session has no administrator rights' }
        default { 'see the DISM log in the evidence' }
    }
    throw "DISM could not repair the component store ($code): $advice"
}

$healthAfter = "$((Repair-WindowsImage -Online -CheckHealth).ImageHealthState)"

# The log is always English. One that was rolled over meanwhile starts again: then all of it is new.
if ([long](Get-KtFileLength -Path $log) -lt $logBytes) { $logBytes = 0 }
$count = 0
foreach ($line in @(Get-KtLogLine -Path $log -From $logBytes -Match 'Total Repaired Corruption:\s+\d+')) {
    if ($line -match 'Total Repaired Corruption:\s+(\d+)') { $count += [int]$Matches[1] }
}
$repaired = $count -gt 0 -or ($healthBefore -ne 'Healthy' -and $healthAfter -eq 'Healthy')

@{
    changed        = $repaired
    facts          = @{ repaired = $repaired; repairedFaults = $count; health = $healthAfter }
    rebootRequired = $run.ExitCode -eq 3010
}
