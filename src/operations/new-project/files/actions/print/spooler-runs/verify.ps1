<#
.SYNOPSIS
Tells whether the print spooler runs and starts with Windows. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$spooler = Get-KtService -Name 'Spooler'
$reason = ''
if (-not $spooler.Exists) { $reason = 'there is no print spooler on this host' }
elseif ($spooler.StartType -eq 'Disabled') { $reason = 'the print spooler is disabled' }
elseif ($spooler.State -ne 'Running') { $reason = "the print spooler is $($spooler.State)" }
@{ ok = -not $reason; reason = $reason; facts = @{ state = $spooler.State; startType = $spooler.StartType } }
