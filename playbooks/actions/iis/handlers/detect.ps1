<#
.SYNOPSIS
Tells which handler mappings of the server are gone though their module is there. Read-only.
.OUTPUTS
needed, possible, reason, facts
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

$missing = @(Get-MissingHandler -Reference $Reference | ForEach-Object { $_['name'] })

@{
    needed   = $missing.Count -gt 0
    possible = $true
    reason   = ''
    facts    = @{ missing = $missing }
}
