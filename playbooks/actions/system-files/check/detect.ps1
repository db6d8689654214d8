<#
.SYNOPSIS
Tells whether the system files have to be checked. Read-only.
.DESCRIPTION
Whether files are damaged is not known before they are read, so this is needed unless the newest scan ended clean within
the last day and the component store was healthy since.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param()

# region newest scan (the same text in detect and verify; a test compares them)
function Get-NewestScan {
    # The newest scan in the servicing log: [SR] lines that follow each other within 15 minutes. That log is always English
    # and its times are local.
    $from = $null
    $until = $null
    $complete = $false
    $unrepaired = @()
    foreach ($line in @(Get-KtLogLine -Path "$env:windir\Logs\CBS\CBS.log" -Match '\[SR\]')) {
        if ($line -notmatch '^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})') { continue }
        $at = [datetime]::ParseExact($Matches[1], 'yyyy-MM-dd HH:mm:ss', [System.Globalization.CultureInfo]::InvariantCulture)
        if ($null -eq $until -or ($at - $until).TotalMinutes -gt 15) {
            $from = $at
            $complete = $false
            $unrepaired = @()
        }
        $until = $at
        if ($line -match '\[SR\] Verify complete') { $complete = $true }
        if ($line -match '\[SR\] Cannot repair member file \[[^\]]*\]["'']([^"'']+)["'']' -and $Matches[1] -notin $unrepaired) { $unrepaired += $Matches[1] }
    }
    @{ From = $from; Until = $until; Complete = $complete; Unrepaired = $unrepaired }
}
# endregion

$scan = Get-NewestScan
$recent = $null -ne $scan.Until -and ([datetime]::Now - $scan.Until).TotalHours -lt 24
# What was found or repaired in the component store after that scan, the scan has not seen. The order of the lines tells, since
# times in this log are whole seconds.
$storeChanged = $false
foreach ($line in @(Get-KtLogLine -Path "$env:windir\Logs\CBS\CBS.log" -Match '\[SR\]|Total (Detected|Repaired) Corruption:\s+[1-9]')) {
    $storeChanged = $line -notmatch '\[SR\]'
}
$clean = $recent -and $scan.Complete -and $scan.Unrepaired.Count -eq 0 -and -not $storeChanged

# sfc needs the Windows module installer; a disabled one is service/baseline's business.
$installer = Get-KtService -Name 'TrustedInstaller'
$possible = $installer.Exists -and $installer.StartType -ne 'Disabled'

@{
    needed   = -not $clean
    possible = $possible
    reason   = if ($possible) { '' } else { 'the service TrustedInstaller is missing or disabled; use service/baseline first' }
    facts    = @{ unrepairedFiles = $scan.Unrepaired; scannedWithinADay = $recent }
}
