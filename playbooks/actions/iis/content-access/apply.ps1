<#
.SYNOPSIS
Gives the accounts read and execute, and takes out rules that refuse them where that was asked for.
.DESCRIPTION
The kit keeps the old SDDL. A folder comes before its web.config, which mostly inherits; so each path is looked at again.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string[]] $Applications,
    [bool] $RemoveDeny
)

# region who may not read (the same text in detect and apply; a test compares them)
function Get-AccountSid {
    param([string] $Name)
    try { (New-Object -TypeName System.Security.Principal.NTAccount -ArgumentList $Name).Translate([System.Security.Principal.SecurityIdentifier]).Value } catch { '' }
}

function Get-Reader {
    # Who reads the content of a virtual directory: Sid (who is given the right) and Sids (whose rules count).
    param([object] $Directory)
    $everybody = 'S-1-1-0', 'S-1-5-11', 'S-1-5-32-545'
    $known = @{ LocalSystem = 'S-1-5-18'; LocalService = 'S-1-5-19'; NetworkService = 'S-1-5-20' }
    $worker = $known[$Directory.PoolIdentity]
    if ($Directory.PoolIdentity -eq 'SpecificUser') { $worker = Get-AccountSid -Name $Directory.PoolUser }
    elseif (-not $worker) { $worker = Get-AccountSid -Name "IIS AppPool\$($Directory.Pool)" }
    $sids = @($worker, 'S-1-5-32-568') + $everybody
    if ($worker -eq 'S-1-5-18') { $sids += 'S-1-5-32-544' }
    if ($worker) { @{ Sid = $worker; Sids = $sids } }
    $place = 'MACHINE/WEBROOT/APPHOST/' + $Directory.Name.TrimEnd('/')
    $section = 'system.webServer/security/authentication/anonymousAuthentication'
    $enabled = Get-WebConfigurationProperty -PSPath $place -Filter $section -Name 'enabled' -ErrorAction SilentlyContinue
    $user = Get-WebConfigurationProperty -PSPath $place -Filter $section -Name 'userName' -ErrorAction SilentlyContinue
    if ($null -eq $user -or $null -eq $enabled -or -not $enabled.Value -or -not "$($user.Value)") { return }
    $visitor = 'S-1-5-17'
    if ("$($user.Value)" -ne 'IUSR') { $visitor = Get-AccountSid -Name "$($user.Value)" }
    if ($visitor) { @{ Sid = $visitor; Sids = @($visitor) + $everybody } }
}

function Get-AccessFault {
    # One entry for each path and reader that may not read: Name, Path, Sid, Sids, Denied, Inherited (the refusal comes from above).
    param([string[]] $Application)
    foreach ($directory in @(Get-KtWebDirectory -Application $Application)) {
        if ($directory.Path.StartsWith('\\')) { continue }
        foreach ($path in $directory.Path, "$($directory.Path.TrimEnd('\'))\web.config") {
            if (-not (Test-Path -LiteralPath $path)) { continue }
            $rules = @((Get-Acl -LiteralPath $path).GetAccessRules($true, $true, [System.Security.Principal.SecurityIdentifier]))
            foreach ($reader in @(Get-Reader -Directory $directory)) {
                $own = @($rules | Where-Object { $_.IdentityReference.Translate([System.Security.Principal.SecurityIdentifier]).Value -in $reader.Sids })
                $denied = @($own | Where-Object { "$($_.AccessControlType)" -eq 'Deny' -and ([int]$_.FileSystemRights -band 1) })
                $rights = 0
                foreach ($rule in $own) { if ("$($rule.AccessControlType)" -eq 'Allow') { $rights = $rights -bor [int]$rule.FileSystemRights } }
                if ($denied.Count -eq 0 -and ($rights -band 0x20089) -eq 0x20089) { continue }
                @{
                    Name = $directory.Name; Path = $path; Sid = $reader.Sid; Sids = $reader.Sids; Denied = $denied.Count -gt 0
                    Inherited = @($denied | Where-Object { $_.IsInherited }).Count -gt 0; Missing = ($rights -band 0x20089) -ne 0x20089
                }
            }
        }
    }
}
# endregion

function Get-NewSddl {
    # The rules of a path itself without those that refuse, and with a rule for the account; what comes from above comes again.
    param([object] $Fault)
    $parts = [regex]::Match((Get-Acl -LiteralPath $Fault.Path).Sddl, '^(?<owner>O:[^:]*?)(G:[^:]*)?D:(?<flags>[A-Z]*)(?<rules>(\([^)]*\))*)')
    $allow = ''
    $deny = ''
    foreach ($rule in [regex]::Matches($parts.Groups['rules'].Value, '\([^)]*\)')) {
        $fields = $rule.Value.Trim('(', ')').Split(';')
        if ($fields[1] -match 'ID') { continue }
        if ($fields[0] -ne 'D') { $allow += $rule.Value; continue }
        $sid = (New-Object -TypeName System.Security.Principal.SecurityIdentifier -ArgumentList $fields[5]).Value
        if ($sid -notin $Fault.Sids) { $deny += $rule.Value }
    }
    $inherit = ''
    if (Test-Path -LiteralPath $Fault.Path -PathType Container) { $inherit = 'OICI' }
    if ($Fault.Missing) { $allow += "(A;$inherit;0x1200a9;;;$($Fault.Sid))" }
    "$($parts.Groups['owner'].Value)D:$($parts.Groups['flags'].Value)$deny$allow"
}

$changed = @()
$done = @{}
while ($true) {
    # looked at again after each: a web.config mostly inherits what its folder was given
    $fault = @(Get-AccessFault -Application $Applications | Where-Object { -not $_.Inherited -and -not $done.ContainsKey("$($_.Path) $($_.Sid)") }) | Select-Object -First 1
    if ($null -eq $fault) { break }
    $done["$($fault.Path) $($fault.Sid)"] = $true
    Set-KtAcl -Path $fault.Path -Sddl (Get-NewSddl -Fault $fault)
    $changed += "$($fault.Path) $($fault.Sid)"
}

@{
    changed        = $changed.Count -gt 0
    facts          = @{ changed = $changed }
    rebootRequired = $false
}
