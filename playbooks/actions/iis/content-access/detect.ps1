<#
.SYNOPSIS
Tells which content the accounts of the web server may not read. Read-only.
.DESCRIPTION
Not possible where a rule refuses and removeDeny is off.
.OUTPUTS
needed, possible, reason, facts
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

$faults = @(Get-AccessFault -Application $Applications)
$lines = @($faults | ForEach-Object { "$($_.Sid) $(if ($_.Denied) { 'is refused' } else { 'has no right' }) on $($_.Path)" })
$denied = @($faults | Where-Object { $_.Denied })
$reason = ''
if ($denied.Count -gt 0 -and -not $RemoveDeny) { $reason = "a rule of $($denied[0].Path) refuses the web server's accounts ($($denied[0].Sid)); find out who made it, then take it out with removeDeny" }

@{
    needed   = $faults.Count -gt 0
    possible = -not $reason
    reason   = $reason
    facts    = @{ faults = $lines }
}
