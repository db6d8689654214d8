<#
.SYNOPSIS
Tells whether the system drive has enough free space. Read-only.
.DESCRIPTION
With Reclaimable, what disk/reclaim could delete counts as free. Only files are counted; what the component store could
give is not known beforehand.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [double] $MinGB,
    [bool] $Reclaimable
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

$freeBytes = [long](Get-KtFreeSpace -Drive $env:SystemDrive).FreeBytes
$reclaimableBytes = [long]0
if ($Reclaimable) {
    foreach ($group in @(Get-ReclaimableGroup)) { $reclaimableBytes += $group.Bytes }
}

$freeGB = [math]::Round($freeBytes / 1GB, 1)
$reclaimableGB = [math]::Round($reclaimableBytes / 1GB, 1)
$missingBytes = $MinGB * 1GB - $freeBytes - $reclaimableBytes

$reason = ''
if ($missingBytes -gt 0) {
    # Rounded up (but for crumbs), so that whoever frees as much has freed enough.
    $missingGB = [math]::Ceiling([math]::Round($missingBytes / 1GB, 2) * 10) / 10
    $won = if ($Reclaimable) { ", and safe clean-up can win back $reclaimableGB GB" } else { '' }
    $reason = "$freeGB GB are free on $env:SystemDrive$won; $MinGB GB are needed. Free at least $missingGB GB more (move data away, remove unused programs or extend the volume), then run again"
}

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ freeGB = $freeGB; reclaimableGB = $reclaimableGB; neededGB = $MinGB }
}
