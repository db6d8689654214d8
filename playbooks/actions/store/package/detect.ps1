<#
.SYNOPSIS
Tells which packages the run's user has no more. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Names
)

# region packages of a user (the same text in package and ready; a test compares them)
function Get-PackageState {
    # One entry for each package of a name: FullName, Status, Installed (by this user), Location, Manifest.
    param([string] $Sid, [string[]] $Names)
    foreach ($name in $Names) {
        foreach ($package in @(Get-AppxPackage -AllUsers -Name $name)) {
            $mine = @($package.PackageUserInformation | Where-Object { "$($_.UserSecurityId.Sid)" -eq $Sid -and "$($_.InstallState)" -eq 'Installed' })
            @{
                FullName = "$($package.PackageFullName)"; Status = "$($package.Status)"; Installed = $mine.Count -gt 0
                Location = "$($package.InstallLocation)"; Manifest = "$($package.InstallLocation)\AppxManifest.xml"
            }
        }
    }
}
# endregion

$user = Get-KtUser
$states = @(Get-PackageState -Sid $user.Sid -Names $Names)
$lost = @($states | Where-Object { -not $_.Installed })
$broken = @($states | Where-Object { $_.Status -ne 'Ok' })
$reason = ''
if ($broken.Count -gt 0) { $reason = "files of $(@($broken | ForEach-Object { $_.FullName }) -join ', ') are missing; give the package again (winget, the Store, or Add-AppxProvisionedPackage)" }

@{
    needed   = $lost.Count -gt 0 -or $broken.Count -gt 0
    possible = -not $reason
    reason   = $reason
    facts    = @{ user = $user.Account; lost = @($lost | ForEach-Object { $_.FullName }); broken = @($broken | ForEach-Object { $_.FullName }) }
}
