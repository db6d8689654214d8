<#
.SYNOPSIS
Tells what keeps the Store from opening for the run's user. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Names,
    [string[]] $CacheCodes,
    [string[]] $Services
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

# region rights of a package's folder (the same text in package-rights and ready; a test compares them)
function Test-PackageRight {
    # Whether apps, which run with the rights of users or of app packages, may read a folder.
    param([string] $Path)
    $sddl = (Get-Acl -LiteralPath $Path).Sddl
    $sddl -notmatch '\(X?D;' -and $sddl -match '\(X?A;[A-Z]*;(FA|FR|0x1200a9|0x1f01ff|GXGR|GRGX|GA)?[^;]*;;;(BU|AC|AU|WD|S-1-15-2-[0-9-]+)'
}
# endregion

# region what tells of a damaged cache (the same text in cache and ready; a test compares them)
function Get-CacheState {
    # Folder of the Store's cache of a user, and how often the Store has failed with one of the codes since the cache was made.
    param([string] $Sid, [string[]] $Codes)
    $profileKey = "HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\$Sid"
    $userFolder = [System.Environment]::ExpandEnvironmentVariables("$((Get-KtRegistryValue -Path $profileKey -Name 'ProfileImagePath').Value)")
    $folder = "$userFolder\AppData\Local\Packages\Microsoft.WindowsStore_8wekyb3d8bbwe\LocalCache"
    $exists = [System.IO.Directory]::Exists($folder)
    $failures = @()
    if ($exists) {
        $made = [System.IO.Directory]::GetCreationTimeUtc($folder)
        $failures = @(Get-KtEvent -Log 'Microsoft-Windows-Store/Operational' -Days 14 |
                Where-Object { $_.UserSid -eq $Sid -and $_.Level -in 1, 2 -and $_.TimeUtc -gt $made } |
                Where-Object { $text = $_.Text; @($Codes | Where-Object { $text -match $_ }).Count -gt 0 })
    }
    @{ Folder = $folder; Exists = $exists; Failures = $failures.Count }
}
# endregion

# region licences (the same text in licence and ready; a test compares them)
function Get-LicenceState {
    # Whether the store of licences is torn (empty, or zeros where it begins), and the policy that takes the Store away.
    $path = "$env:ProgramData\Microsoft\Windows\ClipSVC\tokens.dat"
    $torn = $false
    if ([System.IO.File]::Exists($path)) {
        $stream = New-Object -TypeName System.IO.FileStream -ArgumentList $path, 'Open', 'Read', 'ReadWrite,Delete'
        try {
            $head = New-Object -TypeName 'byte[]' -ArgumentList 16
            $read = $stream.Read($head, 0, 16)
            $torn = $read -eq 0 -or @($head | Where-Object { $_ -ne 0 }).Count -eq 0
        }
        finally { $stream.Dispose() }
    }
    $policies = @('RemoveWindowsStore', 'DisableStoreApps' |
            Where-Object { (Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Policies\Microsoft\WindowsStore' -Name $_).Value -eq 1 })
    @{ Path = $path; Torn = $torn; Policies = $policies }
}
# endregion

$user = Get-KtUser
$faults = @()
$states = @(Get-PackageState -Sid $user.Sid -Names $Names)
foreach ($state in $states) {
    if ($state.Status -eq 'Modified' -or $state.Status -eq 'NeedsRemediation') { $faults += "files of $($state.FullName) are missing; give the package again (winget, the Store, or Add-AppxProvisionedPackage)" }
    elseif ($state.Status -ne 'Ok') { $faults += "$($state.FullName) is $($state.Status)" }
    if (-not $state.Installed) { $faults += "$($user.Account) has not $($state.FullName); it has to be registered (store/package)" }
    if ($state.Location -and (Test-Path -LiteralPath $state.Location) -and -not (Test-PackageRight -Path $state.Location)) { $faults += "apps may not read $($state.Location) (store/package-rights)" }
}
$volume = Get-AppxDefaultVolume
if ($volume -and $volume.IsOffline) { $faults += "apps are to be installed on $($volume.PackageStorePath), which is not there (store/volume)" }
$disabled = @(Get-KtService -Name $Services | Where-Object { $_.Exists -and $_.StartType -eq 'Disabled' } | ForEach-Object { $_.Name })
if ($disabled.Count -gt 0) { $faults += "$($disabled -join ', ') disabled (service/baseline)" }
$licence = Get-LicenceState
if ($licence.Policies.Count -gt 0) { $faults += "a policy takes the Store away ($($licence.Policies -join ', ')); its owner has to change it" }
if ($licence.Torn) { $faults += "the store of licences is torn: $($licence.Path) (store/licence)" }
$cache = Get-CacheState -Sid $user.Sid -Codes $CacheCodes
if ($cache.Failures -gt 1) { $faults += "the Store has failed $($cache.Failures) times since its cache was made (store/cache)" }

@{
    ok     = $faults.Count -eq 0
    reason = $faults -join '; '
    facts  = @{
        user = $user.Account; packages = @($states | ForEach-Object { @{ name = $_.FullName; status = $_.Status; installed = $_.Installed } })
        disabledServices = $disabled; policies = $licence.Policies; licencesTorn = $licence.Torn; cacheFailures = $cache.Failures
    }
}
