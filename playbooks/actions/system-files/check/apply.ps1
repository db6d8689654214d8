<#
.SYNOPSIS
Checks all protected system files and repairs those that are damaged.
.DESCRIPTION
sfc writes UTF-16 in the language of the host and its exit codes are not documented, so the servicing log tells the
result: its [SR] lines since the start.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

$log = "$env:windir\Logs\CBS\CBS.log"
$from = [long](Get-KtFileLength -Path $log)
$run = Invoke-KtProgram -File "$env:windir\System32\sfc.exe" -Arguments '/scannow' -Irreversible 'damaged system files are replaced by the originals' -Leaves 'component-store', 'system-files' -Encoding Unicode -LimitSeconds 3500

# A log that was rolled over meanwhile starts again.
if ([long](Get-KtFileLength -Path $log) -lt $from) { $from = 0 }
$complete = $false
$repaired = @()
$unrepaired = @()
foreach ($line in @(Get-KtLogLine -Path $log -From $from -Match '\[SR\]')) {
    if ($line -match '\[SR\] Verify complete') { $complete = $true }
    elseif ($line -match '\[SR\] Cannot repair member file \[[^\]]*\]["'']([^"'']+)["'']') { if ($Matches[1] -notin $unrepaired) { $unrepaired += $Matches[1] } }
    elseif ($line -match '\[SR\] (?:Repaired file|Repairing corrupted file) (.+?)(?: from store| by copying|$)') { if ($Matches[1] -notin $repaired) { $repaired += $Matches[1] } }
}
if (-not $complete) { throw "sfc did not check the system files ($($run.Hex)): the servicing log has no completed verification" }

@{
    changed        = $repaired.Count -gt 0
    facts          = @{ repairedFiles = $repaired; unrepairedFiles = $unrepaired }
    rebootRequired = Test-Path -LiteralPath "$env:windir\WinSxS\pending.xml"
}
