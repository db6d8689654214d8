<#
.SYNOPSIS
Tells whether services end unexpectedly since the newest cumulative update. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $Days
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

$reason = ''
if ($crashed.Count -gt 0) { $reason = "since $($newest[0].PackageName) ($age day(s) ago) these end unexpectedly: $($crashed -join ', ')" }

@{
    ok     = $crashed.Count -eq 0
    reason = $reason
    facts  = @{ package = "$($newest | ForEach-Object { $_.PackageName })"; ageDays = $age; crashed = $crashed }
}
