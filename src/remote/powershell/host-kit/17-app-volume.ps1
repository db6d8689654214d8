<#
.SYNOPSIS
The volume on which Windows installs packages of apps.
#>

function Set-KtAppVolume {
    <#
    .SYNOPSIS
    Makes a volume the default one for packages. Undone by the old registry value: a volume that is not there refuses to be made the default again.
    .PARAMETER Volume
    Drive of the volume (C:); packages must be possible on it.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Volume)
    $key = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Appx\PackageVolumes'
    $before = Get-KtRegistryText -Path $key -Name 'Default'
    Save-KtRegistryValue -Path $key -Name 'Default'
    Set-AppxDefaultVolume -Volume $Volume -ErrorAction Stop
    $now = Get-AppxDefaultVolume
    # what was recorded must be what has changed, or the undo would put nothing back
    if ($now.IsOffline -or (Get-KtRegistryText -Path $key -Name 'Default') -eq $before) {
        throw (New-KtError -Id 'KtNotProven' -Message "$Volume was made the default volume for packages, but it is $($now.PackageStorePath) still, or its record is elsewhere." -Target $Volume)
    }
}
