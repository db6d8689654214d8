<#
.SYNOPSIS
Tells each thing that should be put in order before the host fails. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $Days,
    [int] $MaxBackupDays,
    [bool] $RequireBackup,
    [int] $MinFreePercent,
    [int] $MaxSearchDays,
    [int] $MaxPauseDays
)

$now = [datetime]::UtcNow
$findings = @()

$skew = [math]::Round((Get-KtClockSkew).SkewMs / 1000)
if ([math]::Abs($skew) -gt 60) { $findings += "the clock is $skew s off (time/resync)" }

$space = Get-KtFreeSpace
$free = [math]::Floor(100 * $space.FreeBytes / $space.SizeBytes)
if ($free -lt $MinFreePercent) { $findings += "$free % of $($space.Drive) are free, $MinFreePercent % should be (disk/reclaim)" }

# Event 4 of Windows' own backup: it went well.
$backups = @(Get-KtEvent -Log 'Microsoft-Windows-Backup' -Id 4 -Newest 1)
$backupDays = if ($backups.Count -gt 0) { [math]::Floor(($now - $backups[0].TimeUtc).TotalDays) } else { -1 }
if ($backupDays -gt $MaxBackupDays) { $findings += "the last backup is $backupDays days old, at most $MaxBackupDays are wanted: make one, and keep a copy apart from the host" }
if ($backupDays -lt 0 -and $RequireBackup) { $findings += 'Windows has never backed this host up' }

$protection = 'not there'
if ((Get-KtOs).ProductType -eq 1) {
    $session = Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\SystemRestore' -Name 'RPSessionInterval'
    $protection = if ($session.Exists -and [int]$session.Value -eq 0) { 'off' } else { 'on' }
    if ($protection -eq 'off') { $findings += 'System Protection is off: no restore point can be made before updates' }
}

# A rename that waits is no reason: programs leave one behind all the time.
$restart = @(Get-KtPendingReboot | Where-Object { $_ -ne 'PFRO' })
if ($restart.Count -gt 0 -and (Get-KtUptime) -gt 72 * 3600000) { $findings += "a restart has been owed for long ($($restart -join ', '))" }

$provider = 'Microsoft-Windows-WindowsUpdateClient'
$searches = @(Get-KtEvent -Log "$provider/Operational" -Provider $provider -Id 26 -Newest 1)
$searchDays = if ($searches.Count -gt 0) { [math]::Floor(($now - $searches[0].TimeUtc).TotalDays) } else { -1 }
if ($searchDays -gt $MaxSearchDays) { $findings += "updates were last searched for $searchDays days ago" }

$pause = Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Microsoft\WindowsUpdate\UX\Settings' -Name 'PauseUpdatesExpiryTime'
$pauseDays = 0
if ($pause.Exists) {
    $until = [datetime]::Parse([string]$pause.Value, [System.Globalization.CultureInfo]::InvariantCulture).ToUniversalTime()
    $pauseDays = [math]::Ceiling(($until - $now).TotalDays)
    if ($pauseDays -gt $MaxPauseDays) { $findings += "updates are paused for another $pauseDays days, at most $MaxPauseDays are wanted" }
}

# Errors by what they are: drives, file systems, updates.
$sources = @(
    @{ log = 'System'; provider = 'disk'; ids = @(7, 11, 51, 52, 153, 154); what = 'disk' }
    @{ log = 'System'; provider = 'Ntfs'; ids = @(55, 98, 137); what = 'file system' }
    @{ log = 'System'; provider = $provider; ids = @(20, 24); what = 'update' }
    @{ log = "$provider/Operational"; provider = $provider; ids = @(25, 31); what = 'update' }
)
$counts = @()
foreach ($source in $sources) {
    foreach ($group in @(Get-KtEvent -Log $source.log -Provider $source.provider -Id $source.ids -Days $Days | Group-Object -Property { "$($_.Id) $($_.Data['errorCode'])".Trim() })) {
        $counts += "$($source.what) $($group.Name): $($group.Count)"
        if ($group.Count -ge 3 -or $source.what -eq 'file system') { $findings += "$($source.what) event $($group.Name) came $($group.Count) times in $Days days" }
    }
}

@{
    ok     = $findings.Count -eq 0
    reason = $findings -join '; '
    facts  = @{
        findings = $findings; skewSeconds = $skew; freePercent = $free; backupDays = $backupDays; protection = $protection
        searchDays = $searchDays; pauseDays = $pauseDays; events = $counts
    }
}
