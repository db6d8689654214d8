<#
.SYNOPSIS
Switches fast startup off and asks for a restart.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

Set-KtRegistryValue -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Power' -Name 'HiberbootEnabled' -Value 0 -Type DWord

@{
    changed        = $true
    facts          = @{ fastStartup = $false }
    rebootRequired = $true
}
