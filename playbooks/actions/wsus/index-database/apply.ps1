<#
.SYNOPSIS
Adds the recommended indexes and builds all anew.
.OUTPUTS
changed, facts, rebootRequired
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
foreach ($index in $wanted) { Add-KtSusdbIndex -Name $index.Name -Table $index.Table -Column $index.Column }
Update-KtSusdbIndex -Reason 'Building indexes anew only sorts their pages.'

@{
    changed        = $true
    facts          = @{ }
    rebootRequired = $false
}
