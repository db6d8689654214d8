<#
.SYNOPSIS
Tells whether entries of driver services are missing that servicing asks for. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [hashtable] $Entries
)

# region driver entries (the same text in detect, apply and verify)
function Get-MissingEntry {
    param([hashtable] $Table)
    # An entry that is missing although the driver is there. Of drivers that servicing updates, only where CBS.log names their INF before
    # `Doqe: Failed installing driver updates`; not every host has every driver.
    $infs = @(Get-KtLogLine -Path "$env:windir\Logs\CBS\CBS.log" -Match 'INSTALL index: .* inf: ' | ForEach-Object { if ($_ -match 'inf: (\S+)') { $Matches[1] } })
    foreach ($name in @($Table.Keys | Sort-Object)) {
        $entry = $Table[$name]
        $path = "HKLM:\SYSTEM\CurrentControlSet\Services\$name"
        if (Test-Path -LiteralPath $path) { continue }
        if ("$($entry['inf'])" -and "$($entry['inf'])" -notin $infs) { continue }
        $file = "$env:windir\$($entry['image'])"
        @{ Name = $name; Path = $path; File = $file; HasFile = Test-Path -LiteralPath $file; Entry = $entry }
    }
}
# endregion

$missing = @(Get-MissingEntry -Table $Entries)
$gone = @($missing | Where-Object { -not $_.HasFile } | ForEach-Object { $_.File })

@{
    needed   = $missing.Count -gt 0
    possible = $gone.Count -eq 0
    reason   = if ($gone.Count -gt 0) { "the driver itself is missing, too ($($gone -join ', ')); repair the component store first" } else { '' }
    facts    = @{ services = @($missing | ForEach-Object { $_.Name }); missingDrivers = $gone }
}
