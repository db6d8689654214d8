<#
.SYNOPSIS
Switches fast startup off and asks for the restart that makes the next start a whole one.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

Set-KtRegistryValue -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Power' -Name 'HiberbootEnabled' -Value 0 -Type DWord

@{ changed = $true; facts = @{}; rebootRequired = $true }
