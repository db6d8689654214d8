<#
.SYNOPSIS
Tells whether no recent cumulative update is installed any more, by what servicing says of its packages. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $Days,
    [bool] $Security
)

$there = @(Get-WindowsPackage -Online | Where-Object {
        "$($_.PackageName)" -like 'Package_for_RollupFix*' -and "$($_.PackageState)" -eq 'Installed' -and ([datetime]::UtcNow - ([datetime]$_.InstallTime).ToUniversalTime()).TotalDays -le $Days
    } | ForEach-Object { "$($_.PackageName)" })

@{
    ok     = $there.Count -eq 0
    reason = if ($there.Count -gt 0) { "still installed: $($there -join ', ')" } else { '' }
    facts  = @{ installed = $there }
}
