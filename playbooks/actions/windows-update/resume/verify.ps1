<#
.SYNOPSIS
Tells whether nothing of a pause is left. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$settings = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\WindowsUpdate\UX\Settings' -ErrorAction SilentlyContinue
$left = @()
if ($null -ne $settings) { $left = @($settings.PSObject.Properties | ForEach-Object { $_.Name } | Where-Object { $_ -match '^Pause\w*(Start|End|Expiry)Time$' }) }

@{
    ok     = $left.Count -eq 0
    reason = if ($left.Count -gt 0) { "left of a pause: $($left -join ', ')" } else { '' }
    facts  = @{ left = $left }
}
