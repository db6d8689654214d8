<#
.SYNOPSIS
Tells whether rights of the key of servicing keep Windows from its work. Read-only.
.OUTPUTS
needed, possible, reason, facts
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
$policies = @(Get-CimInstance -Namespace 'root/rsop/computer' -ClassName RSOP_File -ErrorAction SilentlyContinue |
        ForEach-Object { [System.Environment]::ExpandEnvironmentVariables("$($_.Path)") })
$reasons = @()
foreach ($one in $wrong) {
    if ($one.Path -in $policies) { $reasons += "Group Policy sets the access rights of $($one.Path); its owner has to change it" }
    elseif ($one.Owner -notin 'S-1-5-18', 'S-1-5-32-544') { $reasons += "the rights of $($one.Path) belong to $(if ($one.Owner) { $one.Owner } else { 'an unknown owner' }); a person has to set them" }
}
$logged = @(Get-KtLogLine -Path "$env:windir\Logs\CBS\CBS.log" -Match 'HRESULT = 0x80070005' -Newest 20)

@{
    needed   = $wrong.Count -gt 0
    possible = $reasons.Count -eq 0
    reason   = $reasons -join '; '
    facts    = @{ objects = @($wrong | ForEach-Object { $_.Path }); faults = @($wrong | ForEach-Object { "$($_.Path): $($_.Faults -join ', ')" }); logged = $logged.Count }
}
