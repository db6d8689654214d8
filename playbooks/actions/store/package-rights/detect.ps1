<#
.SYNOPSIS
Tells which folders of packages no app may read. Read-only.
.OUTPUTS
needed, possible, reason, facts
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

$parents = @($closed | ForEach-Object { [System.IO.Path]::GetDirectoryName($_) } | Where-Object { -not (Test-PackageRight -Path $_) })
$reason = ''
if ($parents.Count -gt 0) { $reason = "apps may not read $($parents[0]) itself; its rights have to be set by hand" }

@{
    needed   = $closed.Count -gt 0
    possible = -not $reason
    reason   = $reason
    facts    = @{ closed = $closed }
}
