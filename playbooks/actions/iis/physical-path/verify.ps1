<#
.SYNOPSIS
Tells whether every virtual directory leads to a folder, as the configuration file says. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Applications,
    [hashtable] $Paths
)

# region paths that are not there (the same text in detect, apply and verify; a test compares them)
function Get-PathFault {
    # One entry for each virtual directory that leads nowhere: Directory, Fault, Approved.
    param([string[]] $Application, [hashtable] $Path)
    foreach ($directory in @(Get-KtWebDirectory -Application $Application)) {
        if ($directory.Path.StartsWith('\\')) { continue }
        $fault = ''
        if (Test-Path -LiteralPath $directory.Path -PathType Leaf) { $fault = 'is a file' }
        elseif (-not (Test-Path -LiteralPath $directory.Path)) { $fault = 'is not there' }
        if (-not $fault) { continue }
        $approved = ''
        foreach ($name in $Path.Keys) { if ("$name".TrimEnd('/') -eq $directory.Name.TrimEnd('/')) { $approved = "$($Path[$name])" } }
        @{ Directory = $directory; Fault = $fault; Approved = $approved }
    }
}
# endregion

$found = @(Get-PathFault -Application $Applications -Path $Paths)
$reason = ''
if ($found.Count -gt 0) { $reason = "$($found[0].Directory.Name): $($found[0].Directory.Path) $($found[0].Fault)" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ missing = $found.Count }
}
