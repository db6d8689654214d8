<#
.SYNOPSIS
Tells whether a failure is on record whose evidence is not kept yet, and whether there is room for it. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [int] $Days,
    [int] $MaxMB,
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

# region Bundles of evidence (the same text in evidence/bundle and evidence/collect)
function Get-BundleFault([string] $Folder) {
    # What is wrong with a bundle by its manifest; nothing where it is whole.
    $path = "$Folder\manifest.json"
    if (-not (Test-Path -LiteralPath $path)) { return "$Folder has no manifest" }
    foreach ($file in @((ConvertFrom-Json -InputObject ((Get-KtLogLine -Path $path) -join "`n")).files)) {
        if (-not (Test-Path -LiteralPath "$Folder\$($file.name)")) { return "$($file.name) is missing" }
        if ((Get-FileHash -LiteralPath "$Folder\$($file.name)" -Algorithm SHA256).Hash -ne $file.sha256) { return "$($file.name) is not what it was" }
    }
    ''
}
function Get-NewestBundle {
    @(Get-ChildItem -LiteralPath "$env:ProgramData\Kintsugi\evidence" -Directory -ErrorAction SilentlyContinue | Sort-Object -Property CreationTimeUtc -Descending | Select-Object -First 1)
}
# endregion

$failure = @(Get-LastFailure -Days $Days)
$bundle = @(Get-NewestBundle)
$kept = $bundle.Count -gt 0 -and $failure.Count -gt 0 -and $bundle[0].CreationTimeUtc -ge $failure[0].at -and -not (Get-BundleFault -Folder $bundle[0].FullName)
$free = (Get-KtFreeSpace).FreeBytes
$enough = $free -gt $MaxMB * 1MB + 1GB

@{
    needed   = $failure.Count -gt 0 -and -not $kept
    possible = $enough
    reason   = if ($enough) { '' } else { "only $([math]::Round($free / 1GB, 1)) GB are free; make room first, or give a smaller maxMB" }
    facts    = @{ failures = $failure.Count; freeGB = [math]::Round($free / 1GB, 1) }
}
