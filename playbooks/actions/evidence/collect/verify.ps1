<#
.SYNOPSIS
Reads every file of the bundle again and compares it with the manifest. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $Days,
    [int] $MaxMB,
    [string] $Note
)

# region Bundles of evidence (the same text in evidence/bundle and evidence/collect)
function Get-BundleFault([string] $Folder) {
    # What is wrong with a bundle by its manifest; nothing where it is whole.
    $path = "$Folder\manifest.json"
    if (-not (Test-Path -LiteralPath $path)) { return "$Folder has no manifest" }
    foreach ($file in @((ConvertFrom-Json -InputObject ((Get-KtLogLine -Path $path) -join "`n")).files)) {
        if (-not (Test-Path -LiteralPath "$Folder\$($file.name)")) { return "$($file.name) is missing" }
        if ((Get-FileHash -LiteralPath "$Folder\$($file.name)" -Algorithm SHA256).Hash -ne $file.sha256) { return "$($file.name) is not what it was" }
    }
    ''
}
function Get-NewestBundle {
    @(Get-ChildItem -LiteralPath "$env:ProgramData\Kintsugi\evidence" -Directory -ErrorAction SilentlyContinue | Sort-Object -Property CreationTimeUtc -Descending | Select-Object -First 1)
}
# endregion

$bundle = @(Get-NewestBundle)
$fault = if ($bundle.Count -eq 0) { 'there is no bundle' } else { Get-BundleFault -Folder $bundle[0].FullName }

@{
    ok     = -not $fault
    reason = [string]$fault
    facts  = @{ folder = if ($bundle.Count -gt 0) { $bundle[0].FullName } else { '' } }
}
