<#
.SYNOPSIS
Reads the rights of the update folder back, rule by rule. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Sddl
)

$folder = "$env:windir\SoftwareDistribution"
$rules = @((Get-Acl -LiteralPath $folder).GetAccessRules($true, $true, [System.Security.Principal.SecurityIdentifier]))
$denied = @($rules | Where-Object { "$($_.AccessControlType)" -eq 'Deny' })
$full = @($rules | Where-Object { "$($_.AccessControlType)" -eq 'Allow' -and ([int]$_.FileSystemRights -band 0x1F01FF) -eq 0x1F01FF } |
        ForEach-Object { $_.IdentityReference.Translate([System.Security.Principal.SecurityIdentifier]).Value })
$missing = @(@('S-1-5-18', 'S-1-5-32-544') | Where-Object { $_ -notin $full })

$reason = ''
if ($denied.Count -gt 0) { $reason = "$($denied.Count) rule(s) of $folder refuse access" }
elseif ($missing.Count -gt 0) { $reason = "$($missing -join ', ') has no full control of $folder" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ folder = $folder; rules = $rules.Count }
}
