<#
.SYNOPSIS
Tells whether fast startup is on and the last start was no start from scratch. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param()

$value = Get-KtRegistryValue -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Power' -Name 'HiberbootEnabled'
$on = $value.Exists -and [int]$value.Value -eq 1
$last = @(Get-KtEvent -Log 'System' -Provider 'Microsoft-Windows-Kernel-Boot' -Id 27 -Days 60 -Newest 1)
$hybrid = $last.Count -gt 0 -and [int]$last[0].Data['BootType'] -eq 1
$policy = Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\System' -Name 'HiberbootEnabled'

$needed = $on -and $hybrid
$reason = ''
if ($needed -and $policy.Exists -and [int]$policy.Value -eq 1) { $reason = 'a group policy switches fast startup on; its owner has to change it' }

@{
    needed   = $needed
    possible = -not $reason
    reason   = $reason
    facts    = @{ fastStartup = $on; lastStartHybrid = $hybrid }
}
