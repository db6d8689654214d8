<#
.SYNOPSIS
Tells whether SCHANNEL values switch TLS 1.2 off for clients. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param()

$key = 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client'
$enabled = Get-KtRegistryValue -Path $key -Name 'Enabled'
$byDefault = Get-KtRegistryValue -Path $key -Name 'DisabledByDefault'
$off = ($enabled.Exists -and "$($enabled.Value)" -eq '0') -or ($byDefault.Exists -and "$($byDefault.Value)" -ne '0')
$policies = @(Get-CimInstance -Namespace 'root/rsop/computer' -ClassName RSOP_RegistryPolicySetting -ErrorAction SilentlyContinue |
        Where-Object { "$($_.registryKey)" -like '*\SCHANNEL\Protocols\TLS 1.2\Client' })

@{
    needed   = $off
    possible = $policies.Count -eq 0
    reason   = if ($policies.Count -gt 0) { "Group Policy switches TLS 1.2 off ($($policies[0].GPOID)); its owner has to change it" } else { '' }
    facts    = @{ tls12Off = $off; byPolicy = $policies.Count -gt 0 }
}
