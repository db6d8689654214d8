<#
.SYNOPSIS
Installs the Kintsugi endpoint that lies in this folder on this computer, or replaces an earlier one.
.NOTES
Run it in an elevated Windows PowerShell on the computer itself: at its end the WinRM service restarts, which ends every remote session.
#>
[CmdletBinding()]
param()
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$name = '<name>'
$group = '<group>'
$transcripts = '<transcripts>'

$modules = [IO.Path]::Combine($env:ProgramFiles, 'WindowsPowerShell', 'Modules')
$target = [IO.Path]::Combine($modules, $name)
if (Test-Path -LiteralPath $target) { Remove-Item -LiteralPath $target -Recurse -Force }
Copy-Item -LiteralPath ([IO.Path]::Combine($PSScriptRoot, $name)) -Destination $target -Recurse
# files that came over a network may be marked as such, and would then not be loaded
Get-ChildItem -LiteralPath $target -Recurse | Where-Object { -not $_.PSIsContainer } | Unblock-File

# what was called is written there, with the values that were given: for administrators only
if (-not (Test-Path -LiteralPath $transcripts)) { New-Item -ItemType Directory -Path $transcripts | Out-Null }
$security = New-Object -TypeName Security.AccessControl.DirectorySecurity
$security.SetSecurityDescriptorSddlForm('O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)')
Set-Acl -LiteralPath $transcripts -AclObject $security

# roles are given to accounts by name, and Windows translates the names of its own groups
$account = $group
if ($group -match '^S-1-') {
    $account = (New-Object -TypeName Security.Principal.SecurityIdentifier -ArgumentList $group).Translate([Security.Principal.NTAccount]).Value
}
$text = [IO.File]::ReadAllText([IO.Path]::Combine($PSScriptRoot, "$name.pssc"))
$file = [IO.Path]::Combine([IO.Path]::GetTempPath(), "$name-$([guid]::NewGuid().ToString('N')).pssc")
[IO.File]::WriteAllText($file, $text.Replace("'$($group.Replace("'", "''"))' =", "'$($account.Replace("'", "''"))' ="))
try {
    if (Get-PSSessionConfiguration -Name $name -ErrorAction SilentlyContinue) { Unregister-PSSessionConfiguration -Name $name -Force -NoServiceRestart }
    Register-PSSessionConfiguration -Name $name -Path $file -Force -NoServiceRestart | Out-Null
}
finally { Remove-Item -LiteralPath $file }
"Endpoint $name is installed for $account. WinRM restarts now."
Restart-Service -Name WinRM -Force
