<#
.SYNOPSIS
Tells which last resort comes into question. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$health = "$((Repair-WindowsImage -Online -CheckHealth).ImageHealthState)"
$failing = @(Get-CimInstance -Namespace 'root/wmi' -ClassName MSStorageDriver_FailurePredictStatus -ErrorAction SilentlyContinue | Where-Object { $_.PredictFailure })
$points = @(Get-CimInstance -Namespace 'root/default' -ClassName SystemRestore -ErrorAction SilentlyContinue)
$goBack = Test-Path -LiteralPath "$env:SystemDrive\Windows.old\Windows"

$ways = @()
if ($failing.Count -gt 0) { $ways += 'exchange the disk and restore an image' }
else {
    if ($points.Count -gt 0) { $ways += "go back to a restore point ($($points.Count) there)" }
    if ($goBack) { $ways += 'go back to the release before' }
    if ($health -ne 'Healthy') { $ways += 'component-store/repair with a source of the same build' }
    $ways += 'setup/in-place-repair'
    $ways += 'restore an image'
}
$reason = ''
if ($failing.Count -gt 0) { $reason = "$($failing.Count) disk(s) say that they are about to fail" }
elseif ($health -ne 'Healthy') { $reason = "the component store is $health" }
if ($reason) { $reason = "$reason; in this order: $($ways -join ', then ')" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ health = $health; failingDisks = $failing.Count; restorePoints = $points.Count; previousRelease = $goBack; ways = $ways }
}
