<#
.SYNOPSIS
Tells whether the last start of a client was a whole one. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

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

$state = Get-FastStartup
$fast = ($state.On -or $state.PolicyOn) -and $state.LastStartFast

@{
    ok     = -not $fast
    reason = if ($fast) { 'fast startup is on, and the last start kept the kernel of the session before: what updates leave for the next start is not done' } else { '' }
    facts  = @{ on = $state.On; lastStartFast = $state.LastStartFast; byPolicy = $state.ByPolicy }
}
