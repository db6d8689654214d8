<#
.SYNOPSIS
Tells whether TLS 1.2 is on for clients, as the values of SCHANNEL say. Read-only.
.DESCRIPTION
Whether connections come about is what the goal of a playbook asks: running services may need a restart for that.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$values = Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client' -ErrorAction SilentlyContinue
$names = @()
if ($null -ne $values) { $names = @($values.PSObject.Properties | ForEach-Object { $_.Name }) }
$off = @()
if ('Enabled' -in $names -and $values.Enabled -eq 0) { $off += 'Enabled is 0' }
if ('DisabledByDefault' -in $names -and $values.DisabledByDefault -ne 0) { $off += 'DisabledByDefault is not 0' }

@{
    ok     = $off.Count -eq 0
    reason = if ($off.Count -gt 0) { "TLS 1.2 is off for clients: $($off -join ', ')" } else { '' }
    facts  = @{ off = $off }
}
