<#
.SYNOPSIS
Finds the newest failure and lists what was changed in the hours before it, oldest first. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $Days,
    [int] $Hours,
    [string] $Note
)

# region Failures on record (the same text in evidence/time-line, evidence/bundle and evidence/collect)
function Get-LastFailure([int] $Days) {
    # The newest failure that the event logs hold: operation, code, what, at (UTC). Failures of updates that went well later do not count.
    $client = 'Microsoft-Windows-WindowsUpdateClient'
    $good = @(Get-KtEvent -Log 'System' -Provider $client -Id 19 -Days $Days) + @(Get-KtEvent -Log "$client/Operational" -Provider $client -Id 26 -Days $Days)
    $found = @()
    $names = @{ 20 = 'install'; 24 = 'uninstall'; 25 = 'search'; 31 = 'download' }
    foreach ($event in @(Get-KtEvent -Log 'System' -Provider $client -Id 20, 24 -Days $Days) + @(Get-KtEvent -Log "$client/Operational" -Provider $client -Id 25, 31 -Days $Days)) {
        $later = @($good | Where-Object { $_.TimeUtc -ge $event.TimeUtc -and $(if ($event.Id -eq 25) { $_.Id -eq 26 } else { $_.Data['updateGuid'] -eq $event.Data['updateGuid'] }) })
        if ($later.Count -eq 0) { $found += @{ operation = "update: $($names[$event.Id])"; code = [string]$event.Data['errorCode']; what = [string]$event.Data['updateTitle']; at = $event.TimeUtc } }
    }
    foreach ($event in @(Get-KtEvent -Log 'Application' -Provider 'Windows Error Reporting' -Id 1001 -Days $Days | Where-Object { $_.Text -like '*WinSetupDiag02*' })) {
        $codes = @([regex]::Matches($event.Text, '0x[0-9A-Fa-f]{4,8}') | ForEach-Object { $_.Value })
        $found += @{ operation = 'setup: feature update'; code = $codes -join ' '; what = ''; at = $event.TimeUtc }
    }
    foreach ($event in @(Get-KtEvent -Log 'System' -Provider 'Service Control Manager' -Id 7000, 7009, 7023, 7031, 7034 -Days $Days)) {
        $found += @{ operation = 'service'; code = "event $($event.Id)"; what = [string]$event.Data['param1']; at = $event.TimeUtc }
    }
    @($found | Sort-Object -Property { $_.at } -Descending | Select-Object -First 1)
}
# endregion

$failure = @(Get-LastFailure -Days $Days)
$changes = @()
if ($failure.Count -gt 0) {
    $until = $failure[0].at
    $from = $until.AddHours(-$Hours)
    # Kinds marked with * are settings, which can be put back one by one.
    $sources = @(
        @{ log = 'System'; provider = 'Microsoft-Windows-WindowsUpdateClient'; ids = @(19); kind = 'update installed' }
        @{ log = 'Application'; provider = 'MsiInstaller'; ids = @(1033, 1034, 11707, 11724); kind = 'program' }
        @{ log = 'System'; provider = 'Service Control Manager'; ids = @(7040); kind = '*start type' }
        @{ log = 'System'; provider = 'Service Control Manager'; ids = @(7045); kind = 'service installed' }
        @{ log = 'System'; provider = 'Microsoft-Windows-UserPnp'; ids = @(20001, 20003); kind = 'driver' }
        @{ log = 'System'; provider = 'Microsoft-Windows-GroupPolicy'; ids = @(1502, 1503); kind = '*group policy' }
        @{ log = 'System'; provider = 'Microsoft-Windows-Kernel-General'; ids = @(1); kind = 'clock' }
        @{ log = 'Microsoft-Windows-Windows Defender/Operational'; provider = 'Microsoft-Windows-Windows Defender'; ids = @(5007); kind = '*defender setting' }
    )
    foreach ($source in $sources) {
        foreach ($event in @(Get-KtEvent -Log $source.log -Provider $source.provider -Id $source.ids -Days ($Days + $Hours / 24))) {
            if ($event.TimeUtc -lt $from -or $event.TimeUtc -gt $until) { continue }
            $changes += @{ at = $event.TimeUtc; kind = $source.kind; text = $event.Text.Substring(0, [math]::Min(200, $event.Text.Length)) }
        }
    }
}
$sorted = @($changes | Sort-Object -Property { $_.at } | Select-Object -Last 100)
$lines = @($sorted | ForEach-Object { "$($_.at.ToString('s'))Z $($_.kind.TrimStart('*')): $($_.text)" })
$settings = @($sorted | Where-Object { $_.kind.StartsWith('*') } | ForEach-Object { "$($_.kind.TrimStart('*')): $($_.text)" })

$reason = ''
if ($failure.Count -gt 0) {
    $reason = "$($failure[0].operation) failed with $($failure[0].code) at $($failure[0].at.ToString('s'))Z"
    if ($failure[0].what) { $reason = "$reason ($($failure[0].what))" }
    if ($lines.Count -eq 0) { $reason = "$reason; nothing was changed in the $Hours h before" }
    else { $reason = "$reason; last change before it: $($lines[-1])" }
    if ($settings.Count -gt 0) { $reason = "$reason; put settings back one by one, newest first: $($settings[-1])" }
}

@{
    ok     = $failure.Count -eq 0
    reason = $reason
    facts  = @{
        operation = if ($failure.Count -gt 0) { $failure[0].operation } else { '' }
        code      = if ($failure.Count -gt 0) { $failure[0].code } else { '' }
        what      = if ($failure.Count -gt 0) { $failure[0].what } else { '' }
        failedAt  = if ($failure.Count -gt 0) { "$($failure[0].at.ToString('s'))Z" } else { '' }
        changes   = $lines
        settings  = $settings
        note      = $Note
    }
}
