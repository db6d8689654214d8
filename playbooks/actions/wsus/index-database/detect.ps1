<#
.SYNOPSIS
Tells whether missing or fragmented indexes stand in the way of a clean-up that is due. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [int] $Fragmentation,
    [int] $Obsolete
)

$facts = @{ fragmentation = -1; missing = @(); obsolete = -1 }
if (-not (Get-KtWsusSetup).IsInternal) { return @{ needed = $false; possible = $true; reason = ''; facts = $facts } }
# region indexes (the same text in detect, apply and verify)
$wanted = @(
    @{ Name = 'nclLocalizedPropertyID'; Table = 'tbLocalizedPropertyForRevision'; Column = 'LocalizedPropertyID' },
    @{ Name = 'nclSupercededUpdateID'; Table = 'tbRevisionSupersedesUpdate'; Column = 'SupersededUpdateID' })
# endregion
try {
    $count = Get-KtSusdbObsolete
    $facts.fragmentation = [int](Read-KtSusdb -Text "SELECT CAST(SUM(avg_fragmentation_in_percent * page_count) / SUM(page_count + 1) AS int) FROM sys.dm_db_index_physical_stats(DB_ID('SUSDB'), NULL, NULL, NULL, 'LIMITED')" -LimitSeconds 600)
    $facts.missing = @($wanted | Where-Object { -not (Test-KtSusdbIndex -Name $_.Name) } | ForEach-Object { $_.Name })
}
catch {
    # the database does not run: services come first; asked again when it is this step's turn
    return @{ needed = $false; possible = $true; reason = ''; facts = $facts }
}
$facts.obsolete = $count

@{
    needed   = ($count -lt 0 -or $count -gt $Obsolete) -and ($facts.missing.Count -gt 0 -or $facts.fragmentation -ge $Fragmentation)
    possible = $true
    reason   = ''
    facts    = $facts
}
