<#
.SYNOPSIS
Tells whether the newest scan of the system files left nothing damaged. Read-only.
.OUTPUTS
ok, reason, facts
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
$scanned = $null -ne $scan.Until -and $scan.Complete
$ageHours = if ($null -ne $scan.Until) { [math]::Round(([datetime]::Now - $scan.Until).TotalHours, 1) } else { -1 }

$reason = ''
if ($scan.Unrepaired.Count -gt 0) { $reason = "$($scan.Unrepaired.Count) system file(s) are damaged: $(@($scan.Unrepaired | Select-Object -First 5) -join ', '); repair the component store, then the files" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ unrepairedFiles = $scan.Unrepaired; scanned = $scanned; ageHours = $ageHours }
}
