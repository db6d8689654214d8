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

# kintsugi-lint: allow verify-reads-nothing -- the run itself proves the restart by the host's boot time before this is asked
@{ ok = $true; reason = ''; facts = @{ pendingReboot = @(Get-KtPendingReboot) } }
