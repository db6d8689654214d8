<#
.SYNOPSIS
Tells whether an update is not installed yet, and whether it can be installed now. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Path,
    [string] $Kb
)

$installed = @(Get-CimInstance -ClassName Win32_QuickFixEngineering | Where-Object { "$($_.HotFixID)" -eq "KB$Kb" })

$reason = ''
$busy = @(Get-Process -Name 'TiWorker', 'msiexec' -ErrorAction SilentlyContinue)
$pending = @(Get-KtPendingReboot | Where-Object { $_ -ne 'PFRO' })
$agent = Get-KtService -Name 'wuauserv'
if (-not $Path) { $reason = 'no file of the update is given; load it from the catalogue and give its path' }
elseif (-not (Test-Path -LiteralPath $Path -PathType Leaf)) { $reason = "the file $Path is not there for SYSTEM; on a share the computer account needs to read it" }
elseif ($busy.Count -gt 0) { $reason = "an installation is running ($(($busy | ForEach-Object { $_.Name } | Sort-Object -Unique) -join ', '))" }
elseif ($pending.Count -gt 0) { $reason = "a restart is pending ($($pending -join ', ')); restart the host first" }
elseif (-not $agent.Exists -or $agent.StartType -eq 'Disabled') { $reason = 'the service wuauserv is missing or disabled; use service/baseline first' }

@{
    needed   = $installed.Count -eq 0
    possible = -not $reason
    reason   = $reason
    facts    = @{ kb = $Kb; installed = $installed.Count -gt 0 }
}
