<#
.SYNOPSIS
The WinRM service takes no password in clear: neither messages that are not sealed, nor Basic, nor CredSSP.
.DESCRIPTION
Run it on the host, as administrator. With -Check it changes nothing and tells how things stand.
.PARAMETER Check
Look only: gives { ok, reason }.
.NOTES
Windows PowerShell 5.1. A group policy wins over the service's own settings; the check looks at both.
#>
[CmdletBinding()]
param([switch]$Check)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

if ($Check) {
    $own = Get-Item -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Service' -ErrorAction SilentlyContinue
    $policy = Get-Item -LiteralPath 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WinRM\Service' -ErrorAction SilentlyContinue
    $settings = @(
        @{ own = 'allow_unencrypted'; policy = 'AllowUnencryptedTraffic'; is = 'the service takes messages that are not sealed' }
        @{ own = 'auth_basic'; policy = 'AllowBasic'; is = 'the service takes Basic' }
        @{ own = 'auth_credssp'; policy = 'AllowCredSSP'; is = 'the service takes CredSSP' }
    )
    $reasons = @(foreach ($setting in $settings) {
            # Windows' own defaults are off.
            $value = 0
            if ($own) { $value = $own.GetValue($setting.own, 0) }
            if ($policy) { $value = $policy.GetValue($setting.policy, $value) }
            if ($value -ne 0) { $setting.is }
        })
    return [pscustomobject]@{ ok = ($reasons.Count -eq 0); reason = ($reasons -join '; ') }
}

Set-Item -Path WSMan:\localhost\Service\AllowUnencrypted -Value $false
Set-Item -Path WSMan:\localhost\Service\Auth\Basic -Value $false
Set-Item -Path WSMan:\localhost\Service\Auth\CredSSP -Value $false
