<#
.SYNOPSIS
Tells whether the time service may set the clock. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$type = "$((Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Services\W32Time\Parameters').Type)"
$start = "$((Get-Service -Name 'W32Time').StartType)"

$reason = ''
if ($type -eq 'NoSync') { $reason = 'the type of the time service is NoSync' }
elseif ($start -eq 'Disabled') { $reason = 'W32Time is disabled' }

@{ ok = -not $reason; reason = $reason; facts = @{ type = $type; startType = $start } }
