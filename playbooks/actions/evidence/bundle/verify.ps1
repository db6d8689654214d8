<#
.SYNOPSIS
Compares the newest bundle with its manifest, and its time with that of the last failure. Read-only.
.OUTPUTS
ok, reason, facts
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
$reason = ''
$folder = ''
if ($failure.Count -gt 0) {
    $told = "$($failure[0].operation) failed with $($failure[0].code) at $($failure[0].at.ToString('s'))Z"
    if ($bundle.Count -eq 0) { $reason = "${told}: its evidence is not kept yet" }
    elseif ($bundle[0].CreationTimeUtc -lt $failure[0].at) { $reason = "${told}, later than the newest bundle ($($bundle[0].Name))" }
    else {
        $folder = $bundle[0].FullName
        $fault = Get-BundleFault -Folder $folder
        if ($fault) { $reason = "the bundle of it is not whole: $fault" }
    }
}
$manifest = ''
if ($folder -and -not $reason) { $manifest = (Get-FileHash -LiteralPath "$folder\manifest.json" -Algorithm SHA256).Hash }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ failures = $failure.Count; folder = $folder; manifestSha256 = $manifest }
}
