<#
.SYNOPSIS
Removes the keys of services whose program is gone.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

# region services without program (the same text in detect, apply and verify)
function Get-ServiceWithoutProgram {
    # Entries of the .NET optimization service whose program is gone: servicing tries to start them and ends with 0x80070002.
    foreach ($name in 'clr_optimization_v4.0.30319_32', 'clr_optimization_v4.0.30319_64') {
        $path = "HKLM:\SYSTEM\CurrentControlSet\Services\$name"
        $image = "$((Get-KtRegistryValue -Path $path -Name 'ImagePath').Value)".Trim('"')
        if (-not $image) { continue }
        $file = [System.Environment]::ExpandEnvironmentVariables($image)
        if (-not (Test-Path -LiteralPath $file)) { @{ Name = $name; Path = $path; File = $file } }
    }
}
# endregion

$found = @(Get-ServiceWithoutProgram)
foreach ($service in $found) { Remove-KtRegistryKey -Path $service.Path }

@{
    changed        = $found.Count -gt 0
    facts          = @{ removed = @($found | ForEach-Object { $_.Name }) }
    rebootRequired = $false
}
