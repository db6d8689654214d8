<#
.SYNOPSIS
Reads the mappings as IIS hands them out. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [object[]] $Reference
)

$known = @(Get-WebHandler | ForEach-Object { $_.Name })
$missing = @()
foreach ($row in $Reference) {
    if ($null -ne (Get-KtWebElement -Filter "/system.webServer/globalModules/add[@name='$($row['module'])']") -and $row['name'] -notin $known) { $missing += $row['name'] }
}
$reason = ''
if ($missing.Count -gt 0) { $reason = "handler mappings are missing: $($missing -join ', ')" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ missing = $missing }
}
