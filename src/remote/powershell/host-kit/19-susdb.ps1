<#
.SYNOPSIS
The database of the update server (SUSDB): questions, backup, indexes, and deleting updates that nobody needs.
.NOTES
Runs as SYSTEM: a network token may be refused.
#>

function Read-KtSusdb {
    <#
    .SYNOPSIS
    The first column of what a query gives, row by row; the query must change nothing.
    .PARAMETER LimitSeconds
    0: no limit. A query over its limit ends with a SqlException of the number -2.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Text, [int]$LimitSeconds = 120)
    $connection = Open-KtSusdb
    try {
        $command = $connection.CreateCommand()
        $command.CommandText = $Text
        $command.CommandTimeout = $LimitSeconds
        $reader = $command.ExecuteReader()
        try { while ($reader.Read()) { $reader.GetValue(0) } } finally { $reader.Dispose() }
    }
    finally { $connection.Dispose() }
}

function Open-KtSusdb {
    [CmdletBinding()]
    param()
    $setup = Get-KtWsusSetup
    $server = if ($setup.IsInternal) { '\\.\pipe\MICROSOFT##WID\tsql\query' } else { $setup.DatabaseServer }
    $connection = New-Object -TypeName System.Data.SqlClient.SqlConnection -ArgumentList "server=$server;database=SUSDB;trusted_connection=true"
    $connection.Open()
    $connection
}

function Set-KtSusdbNow {
    <# .SYNOPSIS Runs a statement on SUSDB; no record. #>
    [CmdletBinding()]
    param([string]$Text, [int]$LimitSeconds = 0)
    $connection = Open-KtSusdb
    try {
        $command = $connection.CreateCommand()
        $command.CommandText = $Text
        $command.CommandTimeout = $LimitSeconds
        [void]$command.ExecuteNonQuery()
    }
    finally { $connection.Dispose() }
}

function Get-KtSqlNumber {
    <# .SYNOPSIS The number of the SqlException that an error comes from (-2: over its limit), or 0. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][object]$ErrorRecord)
    $cause = Get-KtRootCause -Exception $ErrorRecord.Exception
    if ($cause.GetType().Name -eq 'SqlException') { [int]$cause.Number } else { 0 }
}

function Get-KtSusdbObsolete {
    <# .SYNOPSIS How many updates the server itself calls obsolete; -1: the question took longer than the limit, which is what makes a clean-up time out. #>
    [CmdletBinding()]
    param([int]$LimitSeconds = 600)
    try { @(Read-KtSusdb -Text 'EXEC dbo.spGetObsoleteUpdatesToCleanup' -LimitSeconds $LimitSeconds).Count }
    catch {
        if ((Get-KtSqlNumber -ErrorRecord $_) -ne -2) { throw }
        -1
    }
}

function Backup-KtSusdb {
    <#
    .SYNOPSIS
    Writes a backup of SUSDB and proves that it can be read back. Undone by removing it, unless the run has deleted updates since: those come back from it alone.
    .OUTPUTS
    Path, Bytes, Sha256
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Folder)
    # COPY_ONLY: who makes backups in a chain of their own is not disturbed
    $path = [IO.Path]::Combine($Folder, "SUSDB-$($global:KtState.Run).bak")
    if ([IO.File]::Exists($path)) { throw (New-KtError -Id 'KtNotProven' -Message "$path is there already; it is not written over." -Target $path) }
    $isNew = -not [IO.Directory]::Exists($Folder)
    Write-KtBefore -Change 'susdb-backup' -Target $path -Before ([ordered]@{ folder = $Folder; isNew = $isNew })
    if ($isNew) {
        [void][IO.Directory]::CreateDirectory($Folder)
        # the last one is the account of the service of the internal database (NT SERVICE\MSSQL$MICROSOFT##WID)
        Set-KtAclNow -Path $Folder -Sddl 'O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;S-1-5-80-1184457765-4068085190-3456807688-2200952327-3769537534)'
    }
    $quoted = $path.Replace("'", "''")
    Set-KtSusdbNow -Text "BACKUP DATABASE [SUSDB] TO DISK = N'$quoted' WITH COPY_ONLY, CHECKSUM"
    Set-KtSusdbNow -Text "RESTORE VERIFYONLY FROM DISK = N'$quoted' WITH CHECKSUM"
    $bytes = [long](New-Object -TypeName IO.FileInfo -ArgumentList $path).Length
    if ($bytes -eq 0) { throw (New-KtError -Id 'KtNotProven' -Message "The backup $path is empty." -Target $path) }
    [pscustomobject]@{ Path = $path; Bytes = $bytes; Sha256 = (Get-FileHash -LiteralPath $path -Algorithm SHA256).Hash }
}

function Get-KtSusdbBackup {
    <# .SYNOPSIS Path of the backup of SUSDB that this run has made; nothing where it has made none, or it is gone. #>
    [CmdletBinding()]
    param()
    foreach ($record in @(Get-KtOpenChange)) {
        if ($record.data.change -eq 'susdb-backup' -and [IO.File]::Exists([string]$record.data.target)) { return [string]$record.data.target }
    }
}

function Undo-KtSusdbBackup {
    [CmdletBinding()]
    param([string]$Path, [object]$Before)
    if (@(Get-KtOpenChange | Where-Object { $_.data.change -eq 'wsus-delete' }).Count -gt 0) { return }
    if ([IO.File]::Exists($Path)) { [IO.File]::Delete($Path) }
    $folder = [string]$Before.folder
    if ([bool]$Before.isNew -and [IO.Directory]::Exists($folder) -and @([IO.Directory]::GetFileSystemEntries($folder)).Count -eq 0) { [IO.Directory]::Delete($folder) }
}

function Test-KtSusdbIndex {
    <# .SYNOPSIS Whether SUSDB has an index of that name. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name)
    [int](Read-KtSusdb -Text "SELECT COUNT(*) FROM sys.indexes WHERE name = '$Name'") -gt 0
}

function Add-KtSusdbIndex {
    <# .SYNOPSIS Adds an index to SUSDB. Undone by dropping it. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name, [Parameter(Mandatory = $true)][string]$Table, [Parameter(Mandatory = $true)][string]$Column)
    if (Test-KtSusdbIndex -Name $Name) { return }
    Write-KtBefore -Change 'susdb-index' -Target $Name -Before ([ordered]@{ table = $Table })
    Set-KtSusdbNow -Text "CREATE NONCLUSTERED INDEX [$Name] ON [dbo].[$Table] ([$Column])"
}

function Undo-KtSusdbIndex {
    [CmdletBinding()]
    param([string]$Name, [object]$Before)
    if (Test-KtSusdbIndex -Name $Name) { Set-KtSusdbNow -Text "DROP INDEX [dbo].[$($Before.table)].[$Name]" }
}

function Update-KtSusdbIndex {
    <# .SYNOPSIS Builds all indexes of SUSDB anew. Irreversible, by declaration: nobody needs their fragments back. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Reason)
    Write-KtBefore -Change 'susdb-rebuild' -Target 'wsus:database' -Before ([ordered]@{ }) -Irreversible $Reason
    Set-KtSusdbNow -Text "EXEC sp_MSforeachtable 'ALTER INDEX ALL ON ? REBUILD'"
}

function Remove-KtWsusUpdate {
    <#
    .SYNOPSIS
    Deletes the updates that the server itself calls obsolete, one by one, until the time is over. Irreversible, by declaration: they come back from the
    backup of SUSDB alone, so this run must have made one. One whose deletion takes too long is left for the next time.
    .PARAMETER LimitMinutes
    After this time no further deletion is begun.
    .PARAMETER Most
    So many at most; 0: all.
    .OUTPUTS
    Deleted, TimedOut, Left
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Reason, [Parameter(Mandatory = $true)][int]$LimitMinutes, [int]$Most = 0, [int]$OneLimitSeconds = 1800)
    $backup = Get-KtSusdbBackup
    if (-not $backup) { throw (New-KtError -Id 'KtNoBackup' -Message 'No update is deleted without a backup of SUSDB that this run has made.' -Target 'SUSDB') }
    $ids = @(Read-KtSusdb -Text 'EXEC dbo.spGetObsoleteUpdatesToCleanup' -LimitSeconds (60 * $LimitMinutes))
    $list = if ($Most -gt 0) { @($ids | Select-Object -First $Most) } else { $ids }
    $result = [pscustomobject]@{ Deleted = 0; TimedOut = 0; Left = $ids.Count }
    if ($list.Count -eq 0) { return $result }
    Write-KtBefore -Change 'wsus-delete' -Target 'wsus:update' -Before ([ordered]@{ count = $ids.Count; backup = $backup }) -Irreversible "$Reason The backup is $backup."
    $watch = [Diagnostics.Stopwatch]::StartNew()
    foreach ($id in $list) {
        if ($watch.Elapsed.TotalMinutes -ge $LimitMinutes) { break }
        try {
            Set-KtSusdbNow -Text "EXEC dbo.spDeleteUpdate @localUpdateID = $([int]$id)" -LimitSeconds $OneLimitSeconds
            $result.Deleted++
        }
        catch {
            if ((Get-KtSqlNumber -ErrorRecord $_) -ne -2) { throw }
            $result.TimedOut++
        }
        Write-KtProgress -Text "$($result.Deleted) of $($list.Count) obsolete updates deleted"
    }
    $result.Left = $ids.Count - $result.Deleted
    $result
}
