<#
.SYNOPSIS
Tells which security products and encryption filters of other makers are at work. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$products = @(Get-CimInstance -Namespace 'root/SecurityCenter2' -ClassName AntiVirusProduct -ErrorAction SilentlyContinue |
        Where-Object { "$($_.pathToSignedProductExe)" -notlike 'windowsdefender:*' } | ForEach-Object { "$($_.displayName)" })
$filters = @()
foreach ($service in @(Get-ChildItem -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Services' -ErrorAction SilentlyContinue)) {
    $name = "$($service.PSChildName)"
    # filters of Windows itself: Defender's, encryption's
    if ($name -in 'WdFilter', 'FileCrypt', 'EFS', 'bindflt', 'wcifs') { continue }
    foreach ($instance in @(Get-ChildItem -LiteralPath "HKLM:\SYSTEM\CurrentControlSet\Services\$name\Instances" -ErrorAction SilentlyContinue)) {
        $altitude = 0.0
        if (-not [double]::TryParse("$($instance.GetValue('Altitude'))", [System.Globalization.NumberStyles]::Float, [System.Globalization.CultureInfo]::InvariantCulture, [ref]$altitude)) { continue }
        if (($altitude -ge 320000 -and $altitude -lt 330000) -or ($altitude -ge 140000 -and $altitude -lt 150000)) { $filters += $name }
    }
}
$found = @($products + $filters | Sort-Object -Unique)

@{
    ok     = $found.Count -eq 0
    reason = if ($found.Count -gt 0) { "at work: $($found -join ', '); have it paused by its own management before Windows is set up" } else { '' }
    facts  = @{ products = $products; filters = $filters }
}
