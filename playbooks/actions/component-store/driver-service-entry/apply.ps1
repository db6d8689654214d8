<#
.SYNOPSIS
Makes the missing entries of driver services.
.OUTPUTS
changed, facts, rebootRequired
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
foreach ($one in $missing) {
    New-KtRegistryKey -Path $one.Path
    Set-KtRegistryValue -Path $one.Path -Name 'ImagePath' -Value "$($one.Entry['image'])" -Type ExpandString
    Set-KtRegistryValue -Path $one.Path -Name 'Type' -Value ([int]$one.Entry['type']) -Type DWord
    Set-KtRegistryValue -Path $one.Path -Name 'Start' -Value ([int]$one.Entry['start']) -Type DWord
    Set-KtRegistryValue -Path $one.Path -Name 'ErrorControl' -Value ([int]$one.Entry['errorControl']) -Type DWord
    if ("$($one.Entry['group'])") { Set-KtRegistryValue -Path $one.Path -Name 'Group' -Value "$($one.Entry['group'])" -Type String }
}

@{
    changed        = $missing.Count -gt 0
    facts          = @{ entries = @($missing | ForEach-Object { $_.Name }) }
    rebootRequired = $false
}
