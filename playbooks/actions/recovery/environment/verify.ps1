<#
.SYNOPSIS
Tells whether the recovery environment is on. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$file = "$env:windir\System32\Recovery\ReAgent.xml"
$enabled = @(Get-KtLogLine -Path $file -Match '<InstallState\s+state="1"').Count -gt 0

@{
    ok     = $enabled
    reason = if ($enabled) { '' } else { 'the recovery environment is off; without it a restore needs a recovery drive or the console of the hypervisor' }
    facts  = @{ enabled = $enabled }
}
