<#
.SYNOPSIS
WinRM listens for HTTPS with a certificate of the computer's store.
.DESCRIPTION
Run it on the host, as administrator. With -Check it changes nothing and tells how things stand. An HTTPS listener that is there already
is given the certificate; no other listener is touched.
.PARAMETER Thumbprint
Thumbprint of a server certificate in Cert:\LocalMachine\My whose name is the one in the inventory. Without it a certificate is made that
signs itself: pin it in the inventory (tls.pin), or give its file as tls.ca.
.PARAMETER DnsName
Names that a certificate made here bears; default: the computer's full name and its short one.
.PARAMETER Port
Port of the listener.
.PARAMETER Check
Look only: gives { ok, reason }.
.NOTES
Windows PowerShell 5.1. The check reads the registry, where WinRM keeps its listeners, so that it can be made over any session.
#>
[CmdletBinding()]
param(
    [ValidatePattern('^[0-9A-Fa-f]{40}$')]
    [string]$Thumbprint,
    [string[]]$DnsName,
    [ValidateRange(1, 65535)]
    [int]$Port = 5986,
    [switch]$Check
)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

if ($Check) {
    $listeners = @(Get-ChildItem -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Listener' -ErrorAction SilentlyContinue |
            Where-Object { $_.PSChildName -like '*+HTTPS' })
    $reason = ''
    if ($listeners.Count -eq 0) { $reason = 'WinRM has no HTTPS listener' }
    else {
        $ports = @($listeners | ForEach-Object { $_.GetValue('Port', 5986) })
        $thumbprints = @($listeners | ForEach-Object { [string]$_.GetValue('certThumbprint', '') })
        if ($ports -notcontains $Port) { $reason = "the HTTPS listener is on port $($ports -join ', '), not on $Port" }
        elseif ($thumbprints -contains '') { $reason = 'the HTTPS listener has no certificate' }
        elseif ($Thumbprint -and $thumbprints -notcontains $Thumbprint) { $reason = "the HTTPS listener has the certificate $($thumbprints -join ', ')" }
    }
    return [pscustomobject]@{ ok = ($reason -eq ''); reason = $reason }
}

if (-not $Thumbprint) {
    $names = @($DnsName | Where-Object { $_ })
    if ($names.Count -eq 0) { $names = @([System.Net.Dns]::GetHostEntry('').HostName, $env:COMPUTERNAME) }
    $certificate = New-SelfSignedCertificate -DnsName $names -CertStoreLocation Cert:\LocalMachine\My -KeyLength 3072 -HashAlgorithm SHA256 -NotAfter (Get-Date).AddYears(2)
    $Thumbprint = $certificate.Thumbprint
}
elseif (-not (Test-Path -LiteralPath "Cert:\LocalMachine\My\$Thumbprint")) {
    throw "There is no certificate $Thumbprint in Cert:\LocalMachine\My; import it there, with its private key."
}
$selectors = @{ Address = '*'; Transport = 'HTTPS' }
$values = @{ CertificateThumbprint = $Thumbprint; Port = [string]$Port }
$there = @(Get-WSManInstance -ResourceURI winrm/config/Listener -Enumerate | Where-Object { $_.Transport -eq 'HTTPS' -and $_.Address -eq '*' })
if ($there.Count -gt 0) { $null = Set-WSManInstance -ResourceURI winrm/config/Listener -SelectorSet $selectors -ValueSet $values }
else { $null = New-WSManInstance -ResourceURI winrm/config/Listener -SelectorSet $selectors -ValueSet $values }
$store = New-Object System.Security.Cryptography.X509Certificates.X509Store 'My', 'LocalMachine'
$store.Open('ReadOnly')
try {
    $used = $store.Certificates | Where-Object { $_.Thumbprint -eq $Thumbprint } | Select-Object -First 1
    $sha256 = [System.Security.Cryptography.SHA256]::Create()
    $pin = -join ($sha256.ComputeHash($used.RawData) | ForEach-Object { $_.ToString('x2') })
}
finally { $store.Close() }
[pscustomobject]@{ thumbprint = $Thumbprint; pin = $pin; port = $Port }
