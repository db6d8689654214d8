<#
.SYNOPSIS
Copies logs, exports events, writes down the state, and seals it with a manifest of SHA-256.
.DESCRIPTION
Each file is made by the kit first, which removes it again where the run fails; programs then fill it. A file that cannot be read, or that
has no room any more, is named in the manifest with the reason.
.OUTPUTS
changed, facts, rebootRequired
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

$failure = @(Get-LastFailure -Days $Days)
$root = "$env:ProgramData\Kintsugi\evidence"
$folder = "$root\$([datetime]::UtcNow.ToString('yyyyMMdd-HHmmss'))"
New-KtFolder -Path $root
New-KtFolder -Path $folder

# What support asks for first.
$around = @()
if ($failure.Count -gt 0) {
    foreach ($log in 'System', 'Application') {
        $around += @(Get-KtEvent -Log $log -Days $Days | Where-Object { $_.Level -in 1, 2, 3 -and [math]::Abs(($_.TimeUtc - $failure[0].at).TotalMinutes) -le 15 } |
                Select-Object -First 100 | ForEach-Object { "$($_.TimeUtc.ToString('s'))Z $($_.Provider) $($_.Id) $($_.Text)" })
    }
}
# Programs that ended because a library could not be loaded: faults of programs, and of their manifests.
$libraries = @(Get-KtEvent -Log 'Application' -Id 1000, 33, 35, 59 -Days $Days -Newest 50 | ForEach-Object { "$($_.TimeUtc.ToString('s'))Z $($_.Provider) $($_.Id) $($_.Text)" })
$os = Get-KtOs
$windows = Get-CimInstance -ClassName Win32_OperatingSystem
$apps = [ordered]@{}
foreach ($program in "$env:ProgramFiles\Google\Chrome\Application\chrome.exe", "${env:ProgramFiles(x86)}\Microsoft\Edge\Application\msedge.exe", "$env:ProgramFiles\Microsoft Office\root\Office16\OUTLOOK.EXE", "$env:windir\System32\inetsrv\w3wp.exe") {
    $file = Get-Item -LiteralPath $program -ErrorAction SilentlyContinue
    if ($file) { $apps[$file.Name] = [string]$file.VersionInfo.FileVersion }
}
$ticket = [ordered]@{
    host = $env:COMPUTERNAME; note = $Note
    operation = if ($failure.Count -gt 0) { $failure[0].operation } else { '' }
    code = if ($failure.Count -gt 0) { $failure[0].code } else { '' }
    what = if ($failure.Count -gt 0) { $failure[0].what } else { '' }
    at = if ($failure.Count -gt 0) { "$($failure[0].at.ToString('s'))Z" } else { '' }
    build = "$($os.Build).$($os.Ubr)"; productType = $os.ProductType; languages = @($windows.MUILanguages)
    updates = @(Get-CimInstance -ClassName Win32_QuickFixEngineering | ForEach-Object { [string]$_.HotFixID })
    pendingRestart = @(Get-KtPendingReboot); applications = $apps
    disks = @(Get-PhysicalDisk | ForEach-Object { [ordered]@{ name = [string]$_.FriendlyName; health = [string]$_.HealthStatus; status = [string]($_.OperationalStatus -join ' ') } })
    volumes = @(Get-CimInstance -ClassName Win32_LogicalDisk | ForEach-Object { [ordered]@{ id = [string]$_.DeviceID; size = [long]$_.Size; free = [long]$_.FreeSpace } })
    errorsAround = $around; libraryFaults = $libraries
}
Set-KtFileText -Path "$folder\ticket.json" -Text (ConvertTo-Json -InputObject $ticket -Depth 5)

$services = @(Get-CimInstance -ClassName Win32_Service | ForEach-Object { "$($_.Name) $($_.State) $($_.StartMode) $($_.PathName)" })
Set-KtFileText -Path "$folder\services.txt" -Text ($services -join "`r`n")
$policies = @(foreach ($key in 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate', 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU', 'HKLM:\SYSTEM\CurrentControlSet\Services\W32Time\Parameters') {
        if (-not (Test-Path -LiteralPath $key)) { continue }
        $item = Get-Item -LiteralPath $key
        foreach ($name in $item.GetValueNames()) { "${key}:$name = $($item.GetValue($name))" }
    })
Set-KtFileText -Path "$folder\policies.txt" -Text ($policies -join "`r`n")

$skipped = @()
$logs = 'System', 'Application', 'Setup', 'Microsoft-Windows-WindowsUpdateClient/Operational', 'Microsoft-Windows-Bits-Client/Operational', 'Microsoft-Windows-Windows Defender/Operational', 'Microsoft-Windows-GroupPolicy/Operational', 'Microsoft-Windows-Backup'
foreach ($log in $logs) {
    $path = "$folder\$($log -replace '[/ ]', '-').evtx"
    Save-KtNewFile -Path $path
    $run = Invoke-KtProgram -File "$env:windir\System32\wevtutil.exe" -Arguments 'epl', $log, $path, "/q:*[System[TimeCreated[timediff(@SystemTime) <= $(86400000 * $Days)]]]", '/ow:true' -Recorded -LimitSeconds 300
    if ($run.ExitCode -ne 0) { $skipped += "${log}: $($run.Hex)" }
}
Save-KtNewFile -Path "$folder\WindowsUpdate.log"
try { $null = Get-WindowsUpdateLog -LogPath "$folder\WindowsUpdate.log" }
catch { $skipped += 'WindowsUpdate.log: could not be made from its traces' }

$sources = @(
    "$env:windir\Logs\CBS\CBS.log", "$env:windir\Logs\DISM\dism.log", "$env:windir\WinSxS\pending.xml", "$env:windir\SoftwareDistribution\ReportingEvents.log"
    "$env:windir\Logs\MoSetup\BlueBox.log", "$env:windir\Logs\SetupDiag\SetupDiagResults.xml", "$env:windir\INF\setupapi.dev.log"
)
foreach ($place in "$env:SystemDrive\`$WINDOWS.~BT\Sources\Panther", "$env:SystemDrive\`$WINDOWS.~BT\Sources\Rollback", "$env:windir\Panther", "$env:windir\Panther\NewOs") {
    $sources += "$place\setupact.log", "$place\setuperr.log", "$place\miglog.xml"
}
$sources += @(Get-ChildItem -LiteralPath "$env:windir\Logs\CBS" -File -ErrorAction SilentlyContinue | Where-Object { $_.Name -like 'CbsPersist*' } | Sort-Object -Property LastWriteTimeUtc -Descending | Select-Object -First 2 | ForEach-Object { $_.FullName })
$left = $MaxMB * 1MB
foreach ($source in $sources) {
    if (-not (Test-Path -LiteralPath $source)) { continue }
    $left -= Get-KtFileLength -Path $source
    if ($left -lt 0) { $skipped += "${source}: no room"; continue }
    # Where it lay is told by its name, so that logs of the same name stand beside each other.
    $name = $source.Substring(3) -replace '[\\ $~]+', '_'
    try { Copy-KtFile -Path $source -Destination "$folder\$name" }
    catch [System.IO.IOException] { $skipped += "${source}: in use" }
}

$files = @(Get-ChildItem -LiteralPath $folder -File | Sort-Object -Property Name | ForEach-Object {
        [ordered]@{ name = $_.Name; bytes = [long]$_.Length; sha256 = (Get-FileHash -LiteralPath $_.FullName -Algorithm SHA256).Hash }
    })
Set-KtFileText -Path "$folder\manifest.json" -Text (ConvertTo-Json -InputObject ([ordered]@{ host = $env:COMPUTERNAME; files = $files; skipped = $skipped }) -Depth 4)

@{
    changed        = $true
    facts          = @{ folder = $folder; files = $files.Count; skipped = $skipped; manifestSha256 = (Get-FileHash -LiteralPath "$folder\manifest.json" -Algorithm SHA256).Hash }
    rebootRequired = $false
}
