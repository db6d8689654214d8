<#
.SYNOPSIS
Tells whether services end unexpectedly since the newest cumulative update, and whether it may be removed. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [int] $Days,
    [bool] $Security
)

#region what ended unexpectedly since the newest cumulative update, and not before it
$rollups = @(Get-WindowsPackage -Online | Where-Object { "$($_.PackageName)" -like 'Package_for_RollupFix*' })
$newest = @($rollups | Where-Object { "$($_.PackageState)" -eq 'Installed' } | Sort-Object -Property InstallTime | Select-Object -Last 1)
$crashed = @()
$age = -1
if ($newest.Count -gt 0) {
    $installed = ([datetime]$newest[0].InstallTime).ToUniversalTime()
    $age = [int]([datetime]::UtcNow - $installed).TotalDays
    if ($age -le $Days) {
        $ends = @(Get-KtEvent -Log 'System' -Provider 'Service Control Manager' -Id 7031, 7034 -Days ($age + $Days + 1))
        $before = @($ends | Where-Object { $_.TimeUtc -lt $installed } | ForEach-Object { "$($_.Data['param1'])" } | Sort-Object -Unique)
        $crashed = @($ends | Where-Object { $_.TimeUtc -ge $installed } | ForEach-Object { "$($_.Data['param1'])" } | Where-Object { $_ -notin $before } | Sort-Object -Unique)
    }
}
#endregion

$former = @($rollups | Where-Object { "$($_.PackageState)" -eq 'Superseded' })
$busy = @(Get-Process -Name 'TiWorker', 'msiexec' -ErrorAction SilentlyContinue)
$pending = @(Get-KtPendingReboot | Where-Object { $_ -ne 'PFRO' })
$reason = ''
if ($former.Count -eq 0) { $reason = 'no older cumulative update is there to go back to' }
elseif ("$($newest[0].ReleaseType)" -eq 'SecurityUpdate' -and -not $Security) {
    $reason = "$($newest[0].PackageName) is a security update; removing it takes its fixes away. Allow it with security=true, or look for a newer update"
}
elseif ($busy.Count -gt 0) { $reason = "an installation is running ($(($busy | ForEach-Object { $_.Name } | Sort-Object -Unique) -join ', '))" }
elseif ($pending.Count -gt 0) { $reason = "a restart is pending ($($pending -join ', ')); restart the host first" }

@{
    needed   = $crashed.Count -gt 0
    possible = -not $reason
    reason   = $reason
    facts    = @{ package = "$($newest | ForEach-Object { $_.PackageName })"; ageDays = $age; crashed = $crashed; older = $former.Count }
}
