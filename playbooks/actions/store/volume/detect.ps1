<#
.SYNOPSIS
Tells whether the default volume for apps is not there. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param()

$volume = Get-AppxDefaultVolume
$needed = $null -ne $volume -and $volume.IsOffline
$value = Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Appx\PackageVolumes' -Name 'Default'
$system = @(Get-AppxVolume | Where-Object { $_.IsSystemVolume -and -not $_.IsOffline }).Count -gt 0
$reason = ''
if ($needed -and -not $system) { $reason = 'the system drive is no volume for apps either' }
elseif ($needed -and -not $value.Exists) { $reason = 'what was set before cannot be recorded here, so nothing is changed; use Set-AppxDefaultVolume by hand' }

@{
    needed   = $needed
    possible = -not $reason
    reason   = $reason
    facts    = @{ defaultVolume = "$($volume.PackageStorePath)" }
}
