<#
.SYNOPSIS
Adds them at the end, where the mapping that takes everything belongs.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [object[]] $Reference
)

# region mappings that are gone (the same text in detect and apply; a test compares them)
function Get-MissingHandler {
    param([object[]] $Reference)
    foreach ($row in $Reference) {
        if ($null -eq (Get-KtWebElement -Filter "/system.webServer/globalModules/add[@name='$($row['module'])']")) { continue }
        if ($null -eq (Get-KtWebElement -Filter "/system.webServer/handlers/add[@name='$($row['name'])']")) { $row }
    }
}
# endregion

$added = @()
foreach ($row in @(Get-MissingHandler -Reference $Reference)) {
    $entry = @{}
    foreach ($key in $row.Keys) { if ($key -ne 'module') { $entry[$key] = $row[$key] } }
    Add-KtWebEntry -Filter '/system.webServer/handlers' -Entry $entry
    $added += $row['name']
}

@{
    changed        = $added.Count -gt 0
    facts          = @{ added = $added }
    rebootRequired = $false
}
