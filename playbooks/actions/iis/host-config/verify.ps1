<#
.SYNOPSIS
Lets IIS read its sites and pools. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $History
)

$sites = @(Get-Website -ErrorAction SilentlyContinue)
$pools = @(Get-WebConfiguration -Filter '/system.applicationHost/applicationPools/add' -ErrorAction SilentlyContinue)
$reason = ''
if ($sites.Count -eq 0 -and $pools.Count -eq 0) { $reason = "IIS cannot read its configuration (the copy was looked for in $History)" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ sites = $sites.Count; pools = $pools.Count }
}
