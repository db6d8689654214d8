<#
.SYNOPSIS
Excludes the approved folders from Defender's scans, for the run alone.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string[]] $Paths
)

foreach ($path in $Paths) { Add-KtDefenderExclusion -Path $path.TrimEnd('\') }

@{
    changed        = $true
    facts          = @{ excluded = @($Paths) }
    rebootRequired = $false
}
