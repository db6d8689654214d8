<#
.SYNOPSIS
Names what takes up space and can be given back by its owner, where the system drive is short of space. Read-only.
.DESCRIPTION
A program counts as unused where its trace of starts (Prefetch) is old; one without a trace is not judged. Of OneDrive the
files count that are neither pinned nor online only (attributes 0x80000 and 0x100000).
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $MinMB,
    [int] $UnusedDays,
    [int] $MinFreePercent
)

function Get-FileBelow {
    # Files below a folder; links are not followed.
    param([string] $Path)
    $folders = @($Path)
    while ($folders.Count -gt 0) {
        $below = @()
        foreach ($item in @($folders | ForEach-Object { Get-ChildItem -LiteralPath $_ -Force -ErrorAction SilentlyContinue })) {
            # OneDrive's own folders and files are reparse points, too: only real links are left out
            if ($item.PSIsContainer -and -not $item.LinkType) { $below += $item.FullName }
            elseif (-not $item.PSIsContainer) { $item }
        }
        $folders = $below
    }
}

$space = Get-KtFreeSpace -Drive $env:SystemDrive
$freePercent = [math]::Round(100 * [double]$space.FreeBytes / [double]$space.SizeBytes, 1)
$owners = @()
if ($freePercent -lt $MinFreePercent) {
    foreach ($key in @(Get-ChildItem -Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall', 'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall' -ErrorAction SilentlyContinue)) {
        $name = "$($key.GetValue('DisplayName'))"
        $folder = "$($key.GetValue('InstallLocation'))".TrimEnd('\')
        $megabytes = [math]::Round([double][long]$key.GetValue('EstimatedSize') / 1024)
        if (-not $name -or -not $folder -or $megabytes -lt $MinMB -or -not (Test-Path -LiteralPath $folder)) { continue }
        $traces = @(Get-ChildItem -LiteralPath $folder -File -ErrorAction SilentlyContinue | Where-Object { $_.Name -like '*.exe' } |
                ForEach-Object { Get-ChildItem -Path "$env:windir\Prefetch\$($_.Name)-*.pf" -ErrorAction SilentlyContinue })
        if ($traces.Count -eq 0) { continue }
        $last = @($traces | Sort-Object -Property LastWriteTimeUtc -Descending)[0].LastWriteTimeUtc
        $days = [math]::Floor(([datetime]::UtcNow - $last).TotalDays)
        if ($days -ge $UnusedDays) { $owners += @{ what = 'unused-program'; name = $name; megabytes = $megabytes; how = "not started for $days days: uninstall it" } }
    }
    foreach ($hive in @(Get-ChildItem -Path 'Registry::HKEY_USERS' -ErrorAction SilentlyContinue)) {
        $account = Get-KtRegistryValue -Path "Registry::$($hive.Name)\Software\Microsoft\OneDrive\Accounts\Personal" -Name 'UserFolder'
        if (-not $account.Exists) { continue }
        $bytes = [long]0
        foreach ($file in @(Get-FileBelow -Path "$($account.Value)")) { if (([int]$file.Attributes -band 0x180000) -eq 0) { $bytes += $file.Length } }
        $megabytes = [math]::Round($bytes / 1MB)
        if ($megabytes -ge $MinMB) { $owners += @{ what = 'onedrive'; name = "$($account.Value)"; megabytes = $megabytes; how = 'files that the cloud has too: free up space in OneDrive' } }
    }
    $old = "$env:SystemDrive\Windows.old"
    if (Test-Path -LiteralPath $old) {
        $megabytes = [math]::Round((Get-KtFolderSize -Path $old).Bytes / 1MB)
        if ($megabytes -ge $MinMB) { $owners += @{ what = 'former-windows'; name = $old; megabytes = $megabytes; how = 'the way back to the former Windows: remove it in Settings when nobody needs that any more' } }
    }
    $sleep = Get-Item -LiteralPath "$env:SystemDrive\hiberfil.sys" -Force -ErrorAction SilentlyContinue
    if ($sleep -and $sleep.Length -ge $MinMB * 1MB) { $owners += @{ what = 'hibernation'; name = $sleep.FullName; megabytes = [math]::Round($sleep.Length / 1MB); how = 'powercfg /h off, where nobody lets the machine hibernate' } }
}

$reason = ''
if ($freePercent -lt $MinFreePercent) {
    $list = @($owners | ForEach-Object { "$($_.name), $($_.megabytes) MB ($($_.how))" })
    $reason = "only $freePercent % of $env:SystemDrive are free, $MinFreePercent % should be"
    if ($list.Count -gt 0) { $reason += ". What people can give back: $($list -join '; ')" }
    else { $reason += '; move data to another drive or extend the volume' }
}

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ freePercent = $freePercent; owners = $owners }
}
