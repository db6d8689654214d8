<#
.SYNOPSIS
Deletes old files from caches, then superseded components, until TargetGB is free on the system drive.
.DESCRIPTION
Every deletion is listed with its size before it is done and cannot be undone. Files in use are left. The component store
is cleaned without /ResetBase, which would take away the way back from updates.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [double] $TargetGB,
    [double] $MinGB,
    [bool] $ComponentStore
)

# region what may go (the same text in disk/free-space and disk/reclaim; a test compares them)
function Get-OldFile {
    # Files below a folder that were last written before a time. Links and junctions are never followed: any user can
    # point one in a temporary folder at a folder of the system.
    param([string] $Path, [string] $Name, [datetime] $Before)
    $folders = @($Path)
    while ($folders.Count -gt 0) {
        $below = @()
        foreach ($folder in $folders) {
            foreach ($item in @(Get-ChildItem -LiteralPath $folder -Force -ErrorAction SilentlyContinue)) {
                if (([int]$item.Attributes -band 0x400) -ne 0) { continue }
                if ($item.PSIsContainer) { $below += $item.FullName }
                elseif ($item.Name -like $Name -and $item.LastWriteTimeUtc -lt $Before) { $item }
            }
        }
        $folders = $below
    }
}

function Get-ReclaimableGroup {
    # What may be deleted, in the order in which it goes: name, rule, root, files, bytes.
    $now = [datetime]::UtcNow
    $places = @(
        @{ Name = 'delivery-optimization'; Path = "$env:windir\ServiceProfiles\NetworkService\AppData\Local\Microsoft\Windows\DeliveryOptimization\Cache"; Filter = '*'; Days = 7 }
        @{ Name = 'temporary-files'; Path = "$env:windir\Temp"; Filter = '*'; Days = 7 }
    )
    foreach ($profileFolder in @(Get-ChildItem -LiteralPath "$env:SystemDrive\Users" -Directory -ErrorAction SilentlyContinue)) {
        if (([int]$profileFolder.Attributes -band 0x400) -ne 0) { continue }
        $places += @{ Name = 'temporary-files'; Path = "$($profileFolder.FullName)\AppData\Local\Temp"; Filter = '*'; Days = 7 }
    }
    $places += @{ Name = 'servicing-archives'; Path = "$env:windir\Logs\CBS"; Filter = 'CbsPersist_*'; Days = 30 }
    $places += @{ Name = 'error-reports'; Path = "$env:ProgramData\Microsoft\Windows\WER\ReportArchive"; Filter = '*'; Days = 30 }
    $places += @{ Name = 'error-reports'; Path = "$env:ProgramData\Microsoft\Windows\WER\ReportQueue"; Filter = '*'; Days = 30 }

    foreach ($place in $places) {
        if (-not (Test-Path -LiteralPath $place.Path)) { continue }
        if (([int](Get-Item -LiteralPath $place.Path -Force).Attributes -band 0x400) -ne 0) { continue }
        $files = @(Get-OldFile -Path $place.Path -Name $place.Filter -Before $now.AddDays(-$place.Days))
        $bytes = [long]0
        foreach ($file in $files) { $bytes += $file.Length }
        if ($files.Count -gt 0) {
            @{ Name = $place.Name; Rule = "$($place.Path)\$($place.Filter) not written for $($place.Days) days"; Root = $place.Path; Files = $files; Bytes = $bytes }
        }
    }

    # In a recycle bin $Iabc.txt is written when $Rabc.txt is thrown away, so its age is what counts.
    $files = @()
    $bytes = [long]0
    foreach ($bin in @(Get-ChildItem -LiteralPath "$env:SystemDrive\`$Recycle.Bin" -Directory -Force -ErrorAction SilentlyContinue)) {
        foreach ($note in @(Get-ChildItem -LiteralPath $bin.FullName -File -Force -ErrorAction SilentlyContinue)) {
            if (-not $note.Name.StartsWith('$I') -or $note.LastWriteTimeUtc -ge $now.AddDays(-30)) { continue }
            $thrown = Get-Item -LiteralPath "$($bin.FullName)\`$R$($note.Name.Substring(2))" -Force -ErrorAction SilentlyContinue
            if (-not $thrown -or $thrown.PSIsContainer) { continue }
            $files += $thrown, $note
            $bytes += $thrown.Length + $note.Length
        }
    }
    if ($files.Count -gt 0) {
        @{ Name = 'recycle-bins'; Rule = "$env:SystemDrive\`$Recycle.Bin, thrown away 30 days ago"; Root = "$env:SystemDrive\`$Recycle.Bin"; Files = $files; Bytes = $bytes }
    }
}
# endregion

function Get-FreeByte {
    [long](Get-KtFreeSpace -Drive $env:SystemDrive).FreeBytes
}

$before = Get-FreeByte
$removed = @()
foreach ($group in @(Get-ReclaimableGroup)) {
    if ((Get-FreeByte) -ge $TargetGB * 1GB) { break }
    Write-KtProgress -Text "$($group.Name): $($group.Files.Count) file(s)"
    $bytes = [long]0
    # In parts, so that the record written before each part stays readable.
    for ($first = 0; $first -lt $group.Files.Count; $first += 200) {
        $part = @($group.Files | Select-Object -Skip $first -First 200 | ForEach-Object { $_.FullName })
        $bytes += [long](Remove-KtItem -Path $part -Root $group.Root -Reason $group.Rule).RemovedBytes
    }
    $removed += @{ what = $group.Name; rule = $group.Rule; megabytes = [math]::Round($bytes / 1MB, 1) }
}

$cleanedStore = $false
$rebootRequired = $false
if ($ComponentStore -and (Get-FreeByte) -lt $TargetGB * 1GB) {
    $arguments = '/English', '/Online', '/Cleanup-Image', '/StartComponentCleanup', '/NoRestart'
    $run = Invoke-KtProgram -File "$env:windir\System32\Dism.exe" -Arguments $arguments -Irreversible 'superseded components are removed' -Leaves 'component-store' -LimitSeconds 3000
    # An error here is no reason to give up what was won: the space decides, in verify.
    $cleanedStore = $run.ExitCode -in 0, 3010
    $rebootRequired = $run.ExitCode -eq 3010
}

$after = Get-FreeByte
@{
    changed        = $removed.Count -gt 0 -or $cleanedStore
    facts          = @{ freeGB = [math]::Round($after / 1GB, 1); wonGB = [math]::Round(($after - $before) / 1GB, 1); removed = $removed; cleanedStore = $cleanedStore }
    rebootRequired = $rebootRequired
}
