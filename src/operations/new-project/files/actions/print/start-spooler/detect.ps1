<#
.SYNOPSIS
Tells whether the print spooler is disabled or does not run. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param()

$spooler = Get-KtService -Name 'Spooler'
$reason = ''
if (-not $spooler.Exists) { $reason = 'there is no print spooler on this host' }
@{
    needed   = $spooler.Exists -and ($spooler.StartType -eq 'Disabled' -or $spooler.State -ne 'Running')
    possible = -not $reason
    reason   = $reason
    facts    = @{ state = $spooler.State; startType = $spooler.StartType }
}
