<#
.SYNOPSIS
Lets the folders take the rules of the folder above again. The kit keeps the old SDDL.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string[]] $Names
)

# region rights of a package's folder (the same text in package-rights and ready; a test compares them)
function Test-PackageRight {
    # Whether apps, which run with the rights of users or of app packages, may read a folder.
    param([string] $Path)
    $sddl = (Get-Acl -LiteralPath $Path).Sddl
    $sddl -notmatch '\(X?D;' -and $sddl -match '\(X?A;[A-Z]*;(FA|FR|0x1200a9|0x1f01ff|GXGR|GRGX|GA)?[^;]*;;;(BU|AC|AU|WD|S-1-15-2-[0-9-]+)'
}
# endregion

$locations = @(foreach ($name in $Names) { Get-AppxPackage -AllUsers -Name $name | ForEach-Object { "$($_.InstallLocation)" } })
$closed = @($locations | Where-Object { (Test-Path -LiteralPath $_) -and -not (Test-PackageRight -Path $_) })

foreach ($folder in $closed) {
    $owner = ((Get-Acl -LiteralPath $folder).Sddl -replace '^O:(.*?)(G:|D:).*$', '$1')
    Set-KtAcl -Path $folder -Sddl "O:${owner}D:AI"
}

@{
    changed        = $closed.Count -gt 0
    facts          = @{ opened = $closed }
    rebootRequired = $false
}
