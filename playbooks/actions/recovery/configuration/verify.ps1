<#
.SYNOPSIS
Tells whether the configuration of IIS has a backup that is newer than itself. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$server = Get-KtService -Name 'W3SVC'
$config = "$env:windir\System32\inetsrv\config\applicationHost.config"
$newest = $null
$name = ''
foreach ($folder in @(Get-KtFolderItem -Path "$env:windir\System32\inetsrv\backup" | Where-Object { $_.IsFolder })) {
    $copy = Get-Item -LiteralPath "$($folder.Path)\applicationHost.config" -ErrorAction SilentlyContinue
    if ($copy -and ($null -eq $newest -or $folder.AgeDays -lt $newest)) {
        $newest = $folder.AgeDays
        $name = [System.IO.Path]::GetFileName($folder.Path)
    }
}
$reason = ''
if ($server.Exists -and (Test-Path -LiteralPath $config)) {
    $changed = ([datetime]::UtcNow - (Get-Item -LiteralPath $config).LastWriteTimeUtc).TotalDays
    if ($null -eq $newest) { $reason = 'the configuration of IIS has no backup; make one with Backup-WebConfiguration and copy it away' }
    elseif ($newest -gt $changed) { $reason = "the configuration of IIS was changed after its newest backup ($name)" }
}

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ webServer = $server.Exists; newestBackup = $name }
}
