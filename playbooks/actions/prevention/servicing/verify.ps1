<#
.SYNOPSIS
Tells what should be repaired before the next updates. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$findings = @()
$health = [string](Repair-WindowsImage -Online -CheckHealth).ImageHealthState
if ($health -ne 'Healthy') { $findings += "the component store is $health (component-store/restore-health)" }

$dirty = @(Get-CimInstance -ClassName Win32_Volume | Where-Object { $_.DirtyBitSet -and $_.DriveLetter } | ForEach-Object { [string]$_.DriveLetter })
if ($dirty.Count -gt 0) { $findings += "$($dirty -join ', ') is marked to be checked at the next start: plan a restart, and look at the drive" }

$left = @()
foreach ($folder in "$env:windir", "$env:windir\System32", "${env:ProgramFiles(x86)}") {
    $left += @(Get-ChildItem -LiteralPath $folder -Directory -Force -ErrorAction SilentlyContinue |
            Where-Object { $_.Name -match '\.kintsugi-' -and ([datetime]::UtcNow - $_.CreationTimeUtc).TotalDays -gt 30 } | ForEach-Object { $_.FullName })
}
if ($left.Count -gt 0) { $findings += "set aside by repairs and no longer needed: $($left -join ', ') (kintsugi commit)" }

@{
    ok     = $findings.Count -eq 0
    reason = $findings -join '; '
    facts  = @{ health = $health; dirty = $dirty; leftovers = $left }
}
