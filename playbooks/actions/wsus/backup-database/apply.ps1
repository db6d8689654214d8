<#
.SYNOPSIS
Writes the backup of SUSDB and has it read back.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string] $Folder,
    [int] $Superseded,
    [int] $Obsolete,
    [int] $OlderThanDays
)

$made = Backup-KtSusdb -Folder ([Environment]::ExpandEnvironmentVariables($Folder))

@{
    changed        = $true
    facts          = @{ backup = $made.Path; bytes = $made.Bytes; sha256 = $made.Sha256 }
    rebootRequired = $false
}
