<#
.SYNOPSIS
Has the database read the backup of this run through once more. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Folder,
    [int] $Superseded,
    [int] $Obsolete,
    [int] $OlderThanDays
)

$path = [string](Get-KtSusdbBackup)
$reason = ''
if (-not $path) { $reason = 'the backup of SUSDB is not there' }
else {
    # gives no rows; a backup that cannot be read is an error
    try { Read-KtSusdb -Text "RESTORE VERIFYONLY FROM DISK = N'$($path.Replace("'", "''"))' WITH CHECKSUM" -LimitSeconds 0 | Out-Null }
    catch { $reason = "the database cannot read $path back (error $(Get-KtSqlNumber -ErrorRecord $_))" }
}

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ backup = $path; bytes = Get-KtFileLength -Path $path }
}
