<#
.SYNOPSIS
Asks in the user's own session whether the packages are there. Read-only.
.OUTPUTS
ok, reason, facts
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
$there = @((Invoke-KtAsUser -Text 'Get-AppxPackage | ForEach-Object { $_.PackageFullName }' -ReadOnly).Output)
$missing = @(Get-PackageState -Sid $user.Sid -Names $Names | Where-Object { $_.FullName -notin $there } | ForEach-Object { $_.FullName })

@{
    ok     = $missing.Count -eq 0
    reason = if ($missing.Count -eq 0) { '' } else { "$($user.Account) still has not $($missing -join ', ')" }
    facts  = @{ user = $user.Account; packages = $there.Count }
}
