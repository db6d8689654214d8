<#
.SYNOPSIS
Tells whether fast startup is off. Read-only.
.DESCRIPTION
That the next start is a whole one is what the goal of the playbook asks, after the restart.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$value = (Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Power').HiberbootEnabled

@{
    ok     = $value -eq 0
    reason = if ($value -eq 0) { '' } else { "HiberbootEnabled is $value" }
    facts  = @{ hiberbootEnabled = $value }
}
