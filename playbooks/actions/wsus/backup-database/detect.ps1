<#
.SYNOPSIS
Tells whether SUSDB is about to be changed by this run and has no backup of it yet. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Folder,
    [int] $Superseded,
    [int] $Obsolete,
    [int] $OlderThanDays
)

$facts = @{ databaseMB = -1; freeMB = -1; backup = '' }
$setup = Get-KtWsusSetup
if (-not $setup.Exists) { return @{ needed = $false; possible = $true; reason = ''; facts = $facts } }
try {
    $backlog = Get-KtWsusBacklog -OlderThanDays $OlderThanDays
    $count = if ($setup.IsInternal) { Get-KtSusdbObsolete } else { 0 }
}
catch {
    # services and pool come first; asked again when it is this step's turn
    return @{ needed = $false; possible = $true; reason = ''; facts = $facts }
}
$willChange = ($backlog.Ids.Count -gt 0 -and ($backlog.Superseded -gt $Superseded -or $backlog.Expired -gt 0)) -or $count -lt 0 -or $count -gt $Obsolete

$reason = ''
if ($setup.IsInternal) {
    $facts.databaseMB = [long](Read-KtSusdb -Text 'SELECT SUM(size) * 8 / 1024 FROM sys.database_files')
    $drive = [Environment]::ExpandEnvironmentVariables($Folder).Substring(0, 2)
    $facts.freeMB = [long]((Get-KtFreeSpace -Drive $drive).FreeBytes / 1MB)
    if ($facts.freeMB -lt $facts.databaseMB + 5120) { $reason = "the backup may need $($facts.databaseMB) MB, and $drive has $($facts.freeMB) MB free; give another folder" }
    $facts.backup = [string](Get-KtSusdbBackup)
}
else { $reason = "SUSDB lies on $($setup.DatabaseServer): have it backed up and maintained by who runs that server" }

@{
    needed   = $willChange -and -not $facts.backup
    possible = -not $reason
    reason   = $reason
    facts    = $facts
}
