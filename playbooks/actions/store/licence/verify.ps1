<#
.SYNOPSIS
Tells whether the service runs on a store of licences with content. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$path = "$env:ProgramData\Microsoft\Windows\ClipSVC\tokens.dat"
$service = Get-KtService -Name 'ClipSVC'
$length = Get-KtFileLength -Path $path
$reason = ''
if ($service.StartType -eq 'Disabled') { $reason = 'ClipSVC is disabled' }
elseif ($length -eq 0) { $reason = "$path was not made anew" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ bytes = $length; state = $service.State }
}
