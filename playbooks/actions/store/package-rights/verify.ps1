<#
.SYNOPSIS
Reads the rules of the folders back one by one. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Names
)

$locations = @(foreach ($name in $Names) { Get-AppxPackage -AllUsers -Name $name | ForEach-Object { "$($_.InstallLocation)" } })
$readers = 'S-1-5-32-545', 'S-1-15-2-1', 'S-1-5-11', 'S-1-1-0'
$closed = @(foreach ($folder in $locations) {
        if (-not (Test-Path -LiteralPath $folder)) { continue }
        $rules = @((Get-Acl -LiteralPath $folder).GetAccessRules($true, $true, [System.Security.Principal.SecurityIdentifier]))
        $allowed = @($rules | Where-Object { "$($_.AccessControlType)" -eq 'Allow' -and $_.IdentityReference.Translate([System.Security.Principal.SecurityIdentifier]).Value -in $readers })
        if ($allowed.Count -eq 0) { $folder }
    })

@{
    ok     = $closed.Count -eq 0
    reason = if ($closed.Count -eq 0) { '' } else { "apps still may not read $($closed -join ', ')" }
    facts  = @{ folders = $locations.Count }
}
