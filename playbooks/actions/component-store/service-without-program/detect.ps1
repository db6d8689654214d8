<#
.SYNOPSIS
Tells whether service entries without a program keep servicing from its work. Read-only.
.OUTPUTS
needed, possible, reason, facts
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
$lines = @(Get-KtLogLine -Path "$env:windir\Logs\CBS\CBS.log" -Match 'Failed in StartService for \[\d+\]"clr_optimization' -Newest 5)

@{
    needed   = $found.Count -gt 0
    possible = $true
    reason   = ''
    facts    = @{ services = @($found | ForEach-Object { $_.Name }); files = @($found | ForEach-Object { $_.File }); logged = $lines.Count }
}
