<#
.SYNOPSIS
Asks in the user's own session which profile is the default, and whether it can be opened. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Name
)

$user = Get-KtUser
$text = @'
$key = 'HKCU:\Software\Microsoft\Office\16.0\Outlook'
$name = "$((Get-ItemProperty -LiteralPath $key).DefaultProfile)"
$path = "$key\Profiles\$name"
@{
    name   = $name
    there  = $name -ne '' -and (Test-Path -LiteralPath $path)
    whole  = Test-Path -LiteralPath "$path\9207f3e0a3b11019908b08002b2a56c2"
    filled = (Get-ItemProperty -LiteralPath "$key\AutoDiscover" -ErrorAction SilentlyContinue).ZeroConfigExchange -eq 1
}
'@
$told = @((Invoke-KtAsUser -Text $text -ReadOnly).Output)[0]
$ok = $told['there'] -eq $true -and ($told['whole'] -eq $true -or $told['filled'] -eq $true)

@{
    ok     = $ok
    reason = if ($ok) { '' } else { "the default profile '$($told['name'])' cannot be opened" }
    facts  = @{ user = $user.Account; profile = "$($told['name'])" }
}
