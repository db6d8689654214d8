<#
.SYNOPSIS
Asks the applications: where a site or pool does not run, nobody answers or the driver says 503. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Applications
)

$dead = @()
foreach ($directory in @(Get-KtWebDirectory -Application $Applications)) {
    if ((Get-KtWebAnswer -Directory $directory).Status -in 0, 503) { $dead += $directory.Name }
}
$reason = ''
if ($dead.Count -gt 0) { $reason = "does not answer: $($dead -join ', ')" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ dead = $dead }
}
