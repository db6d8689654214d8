<#
.SYNOPSIS
Tells whether the file systems of the fixed volumes are sound. Read-only.
.DESCRIPTION
Reads the numbers of the storage classes, the dirty bit and the event log; scans nothing.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

# region damaged volumes (the same text in disk/file-system and disk/repair-file-system; a test compares them)
function Get-DamagedVolume {
    # Fixed volumes of which Windows says, or of whose system drive the event log says, that they are damaged: drive, why, full.
    $dirty = @(Get-CimInstance -ClassName Win32_Volume -ErrorAction SilentlyContinue | Where-Object { $_.DirtyBitSet } | ForEach-Object { "$($_.DriveLetter)" })
    # Events of NTFS count until a check has run: 26226 online, 26212 and 26214 offline, 1001 at a start.
    $checked = [datetime]::MinValue
    foreach ($check in @(Get-KtEvent -Log 'Application' -Provider 'Chkdsk', 'Microsoft-Windows-Wininit' -Id 26226, 26212, 26214, 1001 -Days 30 -Newest 1)) { $checked = $check.TimeUtc }
    $corrupt = @(Get-KtEvent -Log 'System' -Provider 'Ntfs', 'Microsoft-Windows-Ntfs' -Id 55, 137 -Days 30 | Where-Object { $_.TimeUtc -gt $checked })
    foreach ($volume in @(Get-CimInstance -Namespace 'root/Microsoft/Windows/Storage' -ClassName MSFT_Volume -ErrorAction SilentlyContinue)) {
        if ([int]$volume.DriveType -ne 3 -or "$($volume.DriveLetter)" -notmatch '^[A-Za-z]$') { continue }
        $drive = "$($volume.DriveLetter):"
        # 53261 scan needed, 53262 spot fix needed, 53263 full repair needed
        $status = @($volume.OperationalStatus | ForEach-Object { [int]$_ })
        $why = @()
        if ($status -contains 53263) { $why += 'it needs the offline check' }
        elseif ($status -contains 53262) { $why += 'it needs a spot fix' }
        elseif ($status -contains 53261) { $why += 'it needs a scan' }
        if ($dirty -contains $drive) { $why += 'it is marked to be checked' }
        if ($drive -eq $env:SystemDrive -and $corrupt.Count -gt 0) { $why += "NTFS met corruption $($corrupt.Count) time(s) since the last check" }
        if ($why.Count -gt 0) { @{ Drive = $drive; Why = $why -join ', '; Full = $status -contains 53263; Dirty = $dirty -contains $drive } }
    }
}
# endregion

$damaged = @(Get-DamagedVolume)
$reason = ''
if ($damaged.Count -gt 0) {
    $reason = "the file system is damaged: $(@($damaged | ForEach-Object { "$($_.Drive) ($($_.Why))" }) -join '; '); the playbook disk/health-check has it checked"
}

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ damaged = @($damaged | ForEach-Object { $_.Drive }); needsOfflineCheck = @($damaged | Where-Object { $_.Full }).Count -gt 0 }
}
