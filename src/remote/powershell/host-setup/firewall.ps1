<#
.SYNOPSIS
The firewall lets WinRM over HTTPS in, from the workers' addresses alone.
.DESCRIPTION
Run it on the host, as administrator. With -Check it changes nothing and tells how things stand.
.PARAMETER RemoteAddress
Addresses of the workers: addresses, ranges or subnets as New-NetFirewallRule takes them.
.PARAMETER Port
Port of the listener.
.PARAMETER Check
Look only: gives { ok, reason }.
.NOTES
Windows PowerShell 5.1. The check reads the rules where the firewall keeps them, in the form of MS-GPFAS 2.2.2.
#>
[CmdletBinding()]
param(
    [string[]]$RemoteAddress,
    [ValidateRange(1, 65535)]
    [int]$Port = 5986,
    [switch]$Check
)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

if ($Check) {
    $key = Get-Item -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules' -ErrorAction SilentlyContinue
    $rules = @(if ($key) { $key.GetValueNames() | ForEach-Object { [string]$key.GetValue($_, '') } })
    $open = @($rules | Where-Object { $_ -match '\|Dir=In\|' -and $_ -match '\|Action=Allow\|' -and $_ -match '\|Active=TRUE\|' -and $_ -match "\|LPort=$Port\|" })
    $reason = ''
    if ($open.Count -eq 0) { $reason = "no rule of the firewall lets port $Port in" }
    elseif (@($open | Where-Object { $_ -notmatch '\|RA[46]=' }).Count -gt 0) { $reason = "a rule lets port $Port in from any address" }
    return [pscustomobject]@{ ok = ($reason -eq ''); reason = $reason }
}

if (@($RemoteAddress | Where-Object { $_ }).Count -eq 0) { throw 'Name the addresses of the workers: -RemoteAddress 10.0.8.0/24' }
$name = 'Kintsugi-WinRM-HTTPS'
if (Get-NetFirewallRule -Name $name -ErrorAction SilentlyContinue) {
    Set-NetFirewallRule -Name $name -Enabled True -Direction Inbound -Action Allow -Protocol TCP -LocalPort $Port -RemoteAddress $RemoteAddress
}
else {
    $null = New-NetFirewallRule -Name $name -DisplayName 'WinRM over HTTPS for Kintsugi' -Direction Inbound -Action Allow -Protocol TCP -LocalPort $Port -RemoteAddress $RemoteAddress
}
