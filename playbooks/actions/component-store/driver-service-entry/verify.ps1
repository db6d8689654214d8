<#
.SYNOPSIS
Tells whether the entries of driver services are there. Read-only.
.OUTPUTS
ok, reason, facts
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

$missing = @(Get-MissingEntry -Table $Entries | ForEach-Object { $_.Name })

@{
    ok     = $missing.Count -eq 0
    reason = if ($missing.Count -gt 0) { "the entry of $($missing -join ', ') is still missing" } else { '' }
    facts  = @{ services = $missing }
}
