<#
.SYNOPSIS
Makes the system drive the default volume for apps.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

Set-KtAppVolume -Volume $env:SystemDrive

@{
    changed        = $true
    facts          = @{ volume = $env:SystemDrive }
    rebootRequired = $false
}
