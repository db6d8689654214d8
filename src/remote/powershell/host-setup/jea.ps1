<#
.SYNOPSIS
The host offers the JEA endpoint that `kintsugi jea export` wrote.
.DESCRIPTION
Run it on the host, as administrator, in the exported folder. It copies the module (in the place of an earlier one), makes the folder of the
transcripts for administrators only, registers the session configuration, and restarts WinRM, which ends the sessions that are open. With
-Check it changes nothing and tells how things stand.
.PARAMETER Name
Name of the session configuration: configurationName of the inventory.
.PARAMETER Folder
The exported folder; by default the one of this script.
.PARAMETER Check
Look only: gives { ok, reason }.
.NOTES
Windows PowerShell 5.1. The check reads the registry, where WinRM keeps its session configurations.
#>
[CmdletBinding()]
param(
    [ValidatePattern('^[A-Za-z0-9._-]+$')]
    [string]$Name = 'Kintsugi',
    [string]$Folder = $(if ($PSScriptRoot) { $PSScriptRoot } else { (Get-Location).Path }),
    [switch]$Check
)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

if ($Check) {
    $key = Get-Item -LiteralPath "HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Plugin\$Name" -ErrorAction SilentlyContinue
    $reason = ''
    if (-not $key) { $reason = "there is no session configuration $Name" }
    elseif ([string]$key.GetValue('ConfigXML', '') -match '\bEnabled="false"') { $reason = "the session configuration $Name is disabled" }
    return [pscustomobject]@{ ok = ($reason -eq ''); reason = $reason }
}

$configuration = Join-Path -Path $Folder -ChildPath "$Name.pssc"
$module = Join-Path -Path $Folder -ChildPath $Name
foreach ($part in $configuration, $module) { if (-not (Test-Path -LiteralPath $part)) { throw "There is no $part; run this in the folder that kintsugi jea export wrote." } }
$target = Join-Path -Path $env:ProgramFiles -ChildPath "WindowsPowerShell\Modules\$Name"
if (Test-Path -LiteralPath $target) { Remove-Item -LiteralPath $target -Recurse -Force }
Copy-Item -LiteralPath $module -Destination $target -Recurse
# files that came over a network may be marked as such, and would then not be loaded
Get-ChildItem -LiteralPath $target -Recurse | Where-Object { -not $_.PSIsContainer } | Unblock-File

$text = [IO.File]::ReadAllText($configuration)
if ($text -match "TranscriptDirectory\s*=\s*'([^']+)'") {
    $transcripts = $Matches[1]
    $security = New-Object -TypeName Security.AccessControl.DirectorySecurity
    $security.SetSecurityDescriptorSddlForm('O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)')
    $existing = $null
    if (Test-Path -LiteralPath $transcripts) {
        # every user may make folders there: one that somebody prepared could lead elsewhere, or let him read
        $existing = Get-Item -LiteralPath $transcripts -Force
        $owner = (Get-Acl -LiteralPath $transcripts).GetOwner([Security.Principal.SecurityIdentifier]).Value
        if (([int]$existing.Attributes -band [int][IO.FileAttributes]::ReparsePoint) -ne 0 -or $owner -notin 'S-1-5-32-544', 'S-1-5-18') {
            throw "$transcripts is a link or belongs to $owner, not to the administrators. See what it is, remove it, and run this again."
        }
    }
    else {
        # made under a name that nobody knows, and closed, before it is where others could reach into it
        $fresh = "$transcripts.$([guid]::NewGuid().ToString('N'))"
        $null = New-Item -ItemType Directory -Path $fresh
        Set-Acl -LiteralPath $fresh -AclObject $security
        # fails where somebody made one meanwhile; Move-Item would move into that
        [IO.Directory]::Move($fresh, $transcripts)
    }
    if ($existing) { Set-Acl -LiteralPath $transcripts -AclObject $security }
}
# roles are given to accounts by name, and Windows translates the names of its own groups
foreach ($match in [regex]::Matches($text, "'(S-1-[0-9-]+)'\s*=")) {
    $sid = $match.Groups[1].Value
    $account = (New-Object -TypeName Security.Principal.SecurityIdentifier -ArgumentList $sid).Translate([Security.Principal.NTAccount]).Value
    $text = $text.Replace("'$sid'", "'$($account.Replace("'", "''"))'")
}
$named = Join-Path -Path ([IO.Path]::GetTempPath()) -ChildPath "$([guid]::NewGuid().ToString('N')).pssc"
[IO.File]::WriteAllText($named, $text)
try {
    if (Get-PSSessionConfiguration -Name $Name -ErrorAction SilentlyContinue) { Unregister-PSSessionConfiguration -Name $Name -NoServiceRestart -Force }
    $null = Register-PSSessionConfiguration -Name $Name -Path $named -NoServiceRestart -Force
}
finally { Remove-Item -LiteralPath $named }
Restart-Service -Name WinRM -Force
