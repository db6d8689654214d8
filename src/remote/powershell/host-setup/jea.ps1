<#
.SYNOPSIS
The host offers the JEA endpoint that `kintsugi jea export` wrote.
.DESCRIPTION
Run it on the host, as administrator, in the exported folder. It copies the module, registers the session configuration, and restarts
WinRM, which ends the sessions that are open. With -Check it changes nothing and tells how things stand.
.PARAMETER Name
Name of the session configuration: configurationName of the inventory.
.PARAMETER Folder
The exported folder.
.PARAMETER Check
Look only: gives { ok, reason }.
.NOTES
Windows PowerShell 5.1. The check reads the registry, where WinRM keeps its session configurations.
#>
[CmdletBinding()]
param(
    [ValidatePattern('^[A-Za-z0-9._-]+$')]
    [string]$Name = 'Kintsugi',
    [string]$Folder = (Get-Location).Path,
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
Copy-Item -LiteralPath $module -Destination (Join-Path -Path $env:ProgramFiles -ChildPath 'WindowsPowerShell\Modules') -Recurse -Force
if (Get-PSSessionConfiguration -Name $Name -ErrorAction SilentlyContinue) { Unregister-PSSessionConfiguration -Name $Name -NoServiceRestart -Force }
$null = Register-PSSessionConfiguration -Name $Name -Path $configuration -NoServiceRestart -Force
Restart-Service -Name WinRM
