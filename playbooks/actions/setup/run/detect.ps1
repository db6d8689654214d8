<#
.SYNOPSIS
Tells whether setup has to run, and whether it may now. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [string] $MediaPath,
    [int] $TargetBuild
)

$build = (Get-KtOs).Build
$needed = $TargetBuild -eq 0 -or $build -lt $TargetBuild
$roles = @()
if ((Get-KtOs).ProductType -eq 2) { $roles += 'domain controller' }
if ((Get-KtService -Name 'ClusSvc').State -eq 'Running') { $roles += 'cluster node' }
$busy = @(Get-Process -Name 'TiWorker', 'msiexec', 'SetupHost' -ErrorAction SilentlyContinue)
$reason = ''
if ($needed -and $busy.Count -gt 0) { $reason = "an installation is running ($(@($busy | ForEach-Object { $_.Name } | Sort-Object -Unique) -join ', '))" }
elseif ($needed -and $roles.Count -gt 0) { $reason = "setup restarts the host several times, and other machines depend on it ($($roles -join ', ')); a person has to plan that" }
elseif ($needed -and -not (Test-Path -LiteralPath $MediaPath)) { $reason = "the media $MediaPath are not there" }

@{
    needed   = $needed
    possible = -not $reason
    reason   = $reason
    facts    = @{ build = $build; targetBuild = $TargetBuild }
}
