<#
.SYNOPSIS
Tells whether no entry without a program is left. Read-only.
.OUTPUTS
ok, reason, facts
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

$left = @(Get-ServiceWithoutProgram | ForEach-Object { $_.Name })

@{
    ok     = $left.Count -eq 0
    reason = if ($left.Count -gt 0) { "the program of $($left -join ', ') is still missing" } else { '' }
    facts  = @{ services = $left }
}
