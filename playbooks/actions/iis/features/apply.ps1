<#
.SYNOPSIS
Installs the missing role services.
.DESCRIPTION
Runs as SYSTEM: servicing is refused to sessions from afar.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string[]] $Applications,
    [string[]] $Features,
    [string] $Source,
    [object[]] $Needs
)

# region what is missing (the same text in detect, apply and verify; a test compares them)
function Get-WantedFeature {
    # Names of role services that were named or that files of the applications need.
    param([string[]] $Application, [string[]] $Named, [object[]] $Need)
    $wanted = @($Named)
    foreach ($directory in @(Get-KtWebDirectory -Application $Application)) {
        if ($directory.Path.StartsWith('\\')) { continue }
        foreach ($file in @(Get-ChildItem -LiteralPath $directory.Path -File -Force -ErrorAction SilentlyContinue)) {
            foreach ($row in $Need) { if ($file.Extension -in @($row['endings'])) { $wanted += $row['feature'] } }
        }
    }
    $wanted | Sort-Object -Unique
}

function Get-MissingFeature {
    param([string[]] $Application, [string[]] $Named, [object[]] $Need)
    $installed = @(Get-KtInstalledFeature)
    @(Get-WantedFeature -Application $Application -Named $Named -Need $Need) | Where-Object { $_ -notin $installed }
}
# endregion

$installed = @()
$restart = $false
foreach ($name in @(Get-MissingFeature -Application $Applications -Named $Features -Need $Needs)) {
    Write-KtProgress -Text "installing $name"
    $result = Add-KtServerFeature -Name $name -Source $Source
    if ($result.RestartNeeded) { $restart = $true }
    $installed += $name
}

@{
    changed        = $installed.Count -gt 0
    facts          = @{ installed = $installed }
    rebootRequired = $restart
}
