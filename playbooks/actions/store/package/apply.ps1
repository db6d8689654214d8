<#
.SYNOPSIS
Registers the packages in the session of the run's user; the undo takes the registration back and keeps the app's data.
.OUTPUTS
changed, facts, rebootRequired
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
$done = @()
# Windows starts it for a deployment; a rollback stops it again
Save-KtServiceState -Name 'AppXSvc'
foreach ($state in @(Get-PackageState -Sid $user.Sid -Names $Names | Where-Object { -not $_.Installed })) {
    $call = @{
        Text           = 'param($manifest) Add-AppxPackage -DisableDevelopmentMode -ForceApplicationShutdown -Register $manifest -ErrorAction Stop'
        Parameters     = @{ manifest = $state.Manifest }
        UndoText       = 'param($name) if (@(Get-AppxPackage | Where-Object { $_.PackageFullName -eq $name }).Count -gt 0) { Remove-AppxPackage -Package $name -PreserveApplicationData -ErrorAction Stop }'
        UndoParameters = @{ name = $state.FullName }
        LimitSeconds   = 300
    }
    Invoke-KtAsUser @call | Out-Null
    $done += $state.FullName
}

@{
    changed        = $done.Count -gt 0
    facts          = @{ user = $user.Account; registered = $done }
    rebootRequired = $false
}
