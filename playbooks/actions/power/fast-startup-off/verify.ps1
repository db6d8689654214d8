<#
.SYNOPSIS
Tells whether fast startup is off. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$key = Get-Item -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Power'
$off = [int]$key.GetValue('HiberbootEnabled', 0) -eq 0

@{
    ok     = $off
    reason = if ($off) { '' } else { 'fast startup is still on' }
    facts  = @{ fastStartup = -not $off }
}
