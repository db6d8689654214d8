<#
.SYNOPSIS
The account of the workers may open sessions: it is an administrator, or a member of Remote Management Users.
.DESCRIPTION
Run it on the host, as administrator. With -Check it changes nothing and tells whether the account that asks is a member: repairs need an
administrator, or a JEA endpoint, whose virtual account is one.
.PARAMETER Account
The account to let in, as DOMAIN\name, or the name of a group (better: then accounts change without touching hosts).
.PARAMETER Administrator
Makes it a member of the administrators instead: needed wherever no JEA endpoint is used.
.PARAMETER Check
Look only: gives { ok, reason }.
.NOTES
Windows PowerShell 5.1. Groups by their SIDs, whose names are translated.
#>
[CmdletBinding()]
param(
    [string]$Account,
    [switch]$Administrator,
    [switch]$Check
)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$administrators = 'S-1-5-32-544'
$remoteManagementUsers = 'S-1-5-32-580'

if ($Check) {
    $identity = [System.Security.Principal.WindowsIdentity]::GetCurrent()
    $groups = @($identity.Groups | ForEach-Object { $_.Value })
    $reason = ''
    if ($groups -notcontains $administrators) {
        $reason = if ($groups -contains $remoteManagementUsers) { "$($identity.Name) may open sessions, but is no administrator" }
        else { "$($identity.Name) is neither an administrator nor a member of Remote Management Users" }
    }
    return [pscustomobject]@{ ok = ($reason -eq ''); reason = $reason }
}

if (-not $Account) { throw 'Name the account or group: -Account DOMAIN\name' }
$sid = if ($Administrator) { $administrators } else { $remoteManagementUsers }
if (@(Get-LocalGroupMember -SID $sid | Where-Object { $_.Name -eq $Account }).Count -eq 0) { Add-LocalGroupMember -SID $sid -Member $Account }
