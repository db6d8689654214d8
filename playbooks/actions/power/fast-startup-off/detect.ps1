<#
.SYNOPSIS
Tells whether fast startup is on and the last start was a fast one. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param()

# region fast startup (the same text in power/fast-startup and in the scripts of power/fast-startup-off)
function Get-FastStartup {
    # On: the setting; LastStartFast: the last start kept the kernel; ByPolicy: a policy sets it.
    $setting = Get-KtRegistryValue -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Power' -Name 'HiberbootEnabled'
    $policy = Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\System' -Name 'HiberbootEnabled'
    $starts = @(Get-KtEvent -Log 'System' -Provider 'Microsoft-Windows-Kernel-Boot' -Id 27 -Days 90 -Newest 1)
    $kind = if ($starts.Count -gt 0) { "$($starts[0].Data['BootType'])" } else { '' }
    @{
        On            = "$($setting.Value)" -eq '1'
        LastStartFast = $kind -in '1', '0x1'
        ByPolicy      = $policy.Exists
        PolicyOn      = "$($policy.Value)" -eq '1'
    }
}
# endregion

$state = Get-FastStartup

@{
    needed   = ($state.On -or $state.PolicyOn) -and $state.LastStartFast
    possible = -not $state.PolicyOn
    reason   = if ($state.PolicyOn) { 'a policy switches fast startup on (HiberbootEnabled); its owner has to change it' } else { '' }
    facts    = @{ on = $state.On; lastStartFast = $state.LastStartFast }
}
