<#
.SYNOPSIS
Tells whether the release of Windows is old. Read-only.
.DESCRIPTION
Long-term editions (EnterpriseS, IoTEnterpriseS) are in service for longer than other clients of their build.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $TargetBuild,
    [int] $OldestClientBuild
)

$os = Get-KtOs
$key = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
$edition = "$((Get-KtRegistryValue -Path $key -Name 'EditionID').Value)"
$version = "$((Get-KtRegistryValue -Path $key -Name 'DisplayVersion').Value)"
$outOfService = $os.ProductType -eq 1 -and $os.Build -lt $OldestClientBuild -and $edition -notin 'EnterpriseS', 'EnterpriseSN', 'IoTEnterpriseS', 'ServerRdsh'

$reason = ''
if ($os.Build -lt $TargetBuild) { $reason = "Windows has the build $($os.Build) ($version), and $TargetBuild is wanted" }
if ($outOfService) { $reason = "this release of Windows (build $($os.Build), $version) is out of service and gets no updates any more; install a newer one with setup/feature-update" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ build = $os.Build; version = $version; outOfService = $outOfService }
}
