<#
.SYNOPSIS
Tells whether Windows holds the component store for healthy. Read-only.
.DESCRIPTION
DISM's exit code 0 does not tell whether anything was repaired; the state of the image does.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [bool] $Deep,
    [string] $Source,
    [bool] $LimitAccess
)

$health = "$((Repair-WindowsImage -Online -CheckHealth).ImageHealthState)"

@{
    ok     = $health -eq 'Healthy'
    reason = if ($health -ne 'Healthy') { "the component store is still $health" } else { '' }
    facts  = @{ health = $health }
}
