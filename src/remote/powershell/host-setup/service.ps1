<#
.SYNOPSIS
The WinRM service starts by itself and runs.
.DESCRIPTION
Run it on the host, as administrator. With -Check it changes nothing and tells how things stand.
.PARAMETER Check
Look only: gives { ok, reason }.
.NOTES
Windows PowerShell 5.1; also PowerShell 7.
#>
[CmdletBinding()]
param([switch]$Check)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

if ($Check) {
    $service = Get-CimInstance -ClassName Win32_Service -Filter "Name='WinRM'"
    $reason = ''
    if (-not $service) { $reason = 'there is no service WinRM' }
    elseif ($service.StartMode -ne 'Auto') { $reason = "the service WinRM does not start by itself (it is $($service.StartMode))" }
    elseif ($service.State -ne 'Running') { $reason = "the service WinRM does not run (it is $($service.State))" }
    return [pscustomobject]@{ ok = ($reason -eq ''); reason = $reason }
}

Set-Service -Name WinRM -StartupType Automatic
Start-Service -Name WinRM
