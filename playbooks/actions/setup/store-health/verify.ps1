<#
.SYNOPSIS
Tells whether Windows holds its component store for healthy. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$health = "$((Repair-WindowsImage -Online -CheckHealth).ImageHealthState)"

@{
    ok     = $health -eq 'Healthy'
    reason = if ($health -ne 'Healthy') { "the component store is $health; where component-store/repair does not help, Windows is repaired in place" } else { '' }
    facts  = @{ health = $health }
}
