<#
.SYNOPSIS
Reads indexes and their fragmentation back from the catalog of the database. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $Fragmentation,
    [int] $Obsolete
)

# region indexes (the same text in detect, apply and verify)
$wanted = @(
    @{ Name = 'nclLocalizedPropertyID'; Table = 'tbLocalizedPropertyForRevision'; Column = 'LocalizedPropertyID' },
    @{ Name = 'nclSupercededUpdateID'; Table = 'tbRevisionSupersedesUpdate'; Column = 'SupersededUpdateID' })
# endregion
$names = @(Read-KtSusdb -Text "SELECT name FROM sys.indexes WHERE name IN ('nclLocalizedPropertyID', 'nclSupercededUpdateID')")
$missing = @($wanted | Where-Object { $_.Name -notin $names } | ForEach-Object { $_.Name })
$now = [int](Read-KtSusdb -Text "SELECT CAST(SUM(avg_fragmentation_in_percent * page_count) / SUM(page_count + 1) AS int) FROM sys.dm_db_index_physical_stats(DB_ID('SUSDB'), NULL, NULL, NULL, 'LIMITED')" -LimitSeconds 600)

$reason = ''
if ($missing.Count -gt 0) { $reason = "SUSDB lacks $($missing -join ', ')" }
elseif ($now -ge $Fragmentation) { $reason = "the indexes of SUSDB are still fragmented ($now %)" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ fragmentation = $now; missing = $missing }
}
