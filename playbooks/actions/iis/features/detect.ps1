<#
.SYNOPSIS
Tells which role services are missing. Read-only.
.DESCRIPTION
Not possible where a name is not known, or the files of a feature were removed from Windows and no source is there.
.OUTPUTS
needed, possible, reason, facts
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

$missing = @(Get-MissingFeature -Application $Applications -Named $Features -Need $Needs)
$reason = ''
foreach ($name in $missing) {
    $feature = @(Get-WindowsFeature -Name $name) | Select-Object -First 1
    if ($null -eq $feature) { $reason = "there is no role service or feature $name" }
    elseif ("$($feature.InstallState)" -eq 'Removed' -and -not ($Source -and (Test-Path -LiteralPath $Source))) {
        $reason = "Windows has the files of $name no more; bring those of its installation media (sources\sxs) to this host and name the folder in source"
    }
}

@{
    needed   = $missing.Count -gt 0
    possible = -not $reason
    reason   = $reason
    facts    = @{ missing = $missing }
}
