<#
.SYNOPSIS
Tells whether Windows brings the troubleshooter. Read-only.
.DESCRIPTION
Whoever uses this action wants it run, so it is always needed; a playbook asks its goal before.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param()

$pack = "$env:windir\diagnostics\system\WindowsUpdate"
$there = Test-Path -LiteralPath $pack
$busy = @(Get-Process -Name 'TiWorker', 'msiexec' -ErrorAction SilentlyContinue | ForEach-Object { $_.Name } | Sort-Object -Unique)

$reason = ''
if (-not $there) { $reason = 'this Windows brings no Windows Update troubleshooter any more; take windows-update/file-not-found, whose steps do the same and are put back one by one' }
elseif ($busy.Count -gt 0) { $reason = "an installation is running ($($busy -join ', '))" }

@{
    needed   = $true
    possible = -not $reason
    reason   = $reason
    facts    = @{ pack = $there }
}
