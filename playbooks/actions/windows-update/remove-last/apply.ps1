<#
.SYNOPSIS
Removes the newest cumulative update by its package.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [int] $Days,
    [bool] $Security
)

$newest = @(Get-WindowsPackage -Online | Where-Object { "$($_.PackageName)" -like 'Package_for_RollupFix*' -and "$($_.PackageState)" -eq 'Installed' } | Sort-Object -Property InstallTime | Select-Object -Last 1)
$run = Invoke-KtProgram -File "$env:windir\System32\Dism.exe" -Arguments '/English', '/Online', '/Remove-Package', "/PackageName:$($newest[0].PackageName)", '/Quiet', '/NoRestart' -Irreversible 'the update is gone until it is installed again' -Leaves 'component-store', 'system-files' -LimitSeconds 5100
if ($run.ExitCode -notin 0, 3010, 1641) {
    $advice = if ($run.Hex -eq '0x800F0825') { 'the update cannot be removed (it holds a servicing stack that stays)' } else { 'see the servicing log in the evidence' }
    throw "$($newest[0].PackageName) could not be removed ($($run.Hex)): $advice"
}

@{
    changed        = $true
    facts          = @{ package = "$($newest[0].PackageName)"; exitCode = $run.Hex }
    rebootRequired = $run.ExitCode -in 3010, 1641
}
