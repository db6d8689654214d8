<#
.SYNOPSIS
Tells whether the newest scan of the system files was completed and left nothing unrepaired. Read-only.
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
$reason = ''
if ($null -eq $scan.Until -or -not $scan.Complete) { $reason = 'the servicing log has no completed verification' }
elseif ($scan.Unrepaired.Count -gt 0) { $reason = "$($scan.Unrepaired.Count) system file(s) could not be repaired: $(@($scan.Unrepaired | Select-Object -First 5) -join ', ')" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ unrepairedFiles = $scan.Unrepaired }
}
