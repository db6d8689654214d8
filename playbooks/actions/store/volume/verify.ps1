<#
.SYNOPSIS
Asks for the default volume for apps. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$volume = Get-AppxDefaultVolume
$there = $null -ne $volume -and -not $volume.IsOffline

@{
    ok     = $there
    reason = if ($there) { '' } else { "apps are still to be installed on $($volume.PackageStorePath), which is not there" }
    facts  = @{ defaultVolume = "$($volume.PackageStorePath)" }
}
