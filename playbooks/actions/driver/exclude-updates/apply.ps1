<#
.SYNOPSIS
Sets the policy value that keeps drivers out of Windows Update.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

Set-KtRegistryValue -Path 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate' -Name 'ExcludeWUDriversInQualityUpdate' -Value 1 -Type DWord

@{
    changed        = $true
    facts          = @{ excluded = $true }
    rebootRequired = $false
}
