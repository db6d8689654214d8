<#
.SYNOPSIS
Tells whether nothing is missing any more, and the applications find their handlers. Read-only.
.OUTPUTS
ok, reason, facts
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
$bad = @()
foreach ($directory in @(Get-KtWebDirectory -Application $Applications)) {
    $answer = Get-KtWebAnswer -Directory $directory
    if (($answer.Status -eq 404 -and $answer.SubStatus -in 3, 4) -or ($answer.Status -eq 500 -and $answer.SubStatus -eq 21)) { $bad += $directory.Name }
}
$reason = ''
if ($missing.Count -gt 0) { $reason = "not installed: $($missing -join ', ')$(if ($Source) { " (source $Source)" })" }
elseif ($bad.Count -gt 0) { $reason = "no handler or module for: $($bad -join ', ')" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ missing = $missing; bad = $bad }
}
