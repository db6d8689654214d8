<#
.SYNOPSIS
Reports what is still waiting for a restart. Read-only.
.DESCRIPTION
The proof of the restart is the engine's (uptime), which is why this never fails: it may run before the restart too.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $AllowedRoles
)

@{ ok = $true; reason = ''; facts = @{ pendingReboot = @(Get-KtPendingReboot) } }
