<#
.SYNOPSIS
Tells whether services crash since a feature update that can still be taken back. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$installed = [datetime]::MinValue
$value = Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' -Name 'InstallDate'
if ($value.Exists) { $installed = ([datetime]'1970-01-01').AddSeconds([double]$value.Value) }
$window = Get-KtRegistryValue -Path 'HKLM:\SYSTEM\Setup' -Name 'UninstallWindow'
$days = if ($window.Exists) { [int]$window.Value } else { 10 }

$until = $installed
$crashed = @()
if ($installed -gt [datetime]::UtcNow.AddDays(-$days) -and (Test-Path -LiteralPath "$env:SystemDrive\Windows.old\Windows")) {
    $until = $installed.AddDays($days)
    $crashes = @(Get-KtEvent -Log 'System' -Provider 'Service Control Manager' -Id 7031, 7034 -Days $days | Where-Object { $_.TimeUtc -ge $installed })
    $crashed = @($crashes | Group-Object -Property { "$($_.Data['param1'])" } | ForEach-Object { "$($_.Name) ($($_.Count) times)" })
}

@{
    ok     = $crashed.Count -eq 0
    reason = if ($crashed.Count -gt 0) { "since the feature update of $($installed.ToString('yyyy-MM-dd')) services end by themselves: $($crashed -join ', '). Repairs do not help against a fault of the release; go back until $($until.ToString('yyyy-MM-dd')) with DISM /Online /Initiate-OSUninstall, or wait for its update" } else { '' }
    facts  = @{ crashed = $crashed; canGoBack = $until -gt [datetime]::UtcNow }
}
