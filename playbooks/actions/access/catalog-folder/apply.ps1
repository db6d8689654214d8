<#
.SYNOPSIS
Sets the rules of catroot2 anew; the owner stays.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [object[]] $Objects
)

# region wrong rights (the same text in detect, apply and verify of catalog-folder and servicing-key)
function Get-WrongRight {
    param([object[]] $Objects)
    foreach ($object in $Objects) {
        $path = [System.Environment]::ExpandEnvironmentVariables("$($object['path'])")
        if (-not (Test-Path -LiteralPath $path)) { continue }
        $fault = @{ Path = $path; Rules = "$($object['rules'])"; Owner = ''; Faults = @(); Sddl = '' }
        $acl = $null
        try { $acl = Get-Acl -LiteralPath $path -ErrorAction Stop }
        catch { $fault.Faults = @('administrators may not even read the rights') }
        if ($null -ne $acl) {
            $fault.Sddl = "$($acl.Sddl)"
            $fault.Owner = $acl.GetOwner([System.Security.Principal.SecurityIdentifier]).Value
            $rules = @($acl.GetAccessRules($true, $true, [System.Security.Principal.SecurityIdentifier]))
            if (@($rules | Where-Object { "$($_.AccessControlType)" -eq 'Deny' }).Count -gt 0) { $fault.Faults += 'a rule refuses access' }
            foreach ($sid in @($object['needs'].Keys)) {
                $mask = [int]$object['needs'][$sid]
                $has = @($rules | Where-Object {
                        $right = if ($path -match '^HK') { [int]$_.RegistryRights } else { [int]$_.FileSystemRights }
                        "$($_.AccessControlType)" -eq 'Allow' -and $_.IdentityReference.Translate([System.Security.Principal.SecurityIdentifier]).Value -eq $sid -and ($right -band $mask) -eq $mask
                    })
                if ($has.Count -eq 0) { $fault.Faults += "$sid lacks its rights" }
            }
        }
        if ($fault.Faults.Count -gt 0) { $fault }
    }
}
# endregion

$wrong = @(Get-WrongRight -Objects $Objects)
foreach ($one in $wrong) {
    if ($one.Owner -notin 'S-1-5-18', 'S-1-5-32-544') { throw "the rights of $($one.Path) belong to $($one.Owner); ownership is never taken, a person has to set them" }
    Set-KtAcl -Path $one.Path -Sddl "O:$($one.Owner)$($one.Rules)"
}

@{
    changed        = $wrong.Count -gt 0
    facts          = @{ objects = @($wrong | ForEach-Object { $_.Path }) }
    rebootRequired = $false
}
