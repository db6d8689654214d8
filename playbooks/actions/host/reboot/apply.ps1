<#
.SYNOPSIS
Asks the engine for a restart; changes nothing itself.
.DESCRIPTION
The engine restarts the host, waits until it answers again and proves the restart by an uptime that is shorter than the
time since the request.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string[]] $AllowedRoles
)

@{ changed = $false; facts = @{}; rebootRequired = $true }
