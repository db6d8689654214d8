<#
.SYNOPSIS
Tells which virtual directories lead to no folder. Read-only.
.DESCRIPTION
Not possible where no path was approved, or the approved one is no folder either. Drives of signed-in users do not count: IIS does not have them.
.OUTPUTS
needed, possible, reason, facts
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

function Get-EarlierPath {
    # Paths that the copies of the configuration, newest first, have for a virtual directory and that are there.
    param([object] $Directory)
    $folder = "$env:SystemDrive\inetpub\history"
    foreach ($copy in @(Get-ChildItem -LiteralPath $folder -Directory -Force -ErrorAction SilentlyContinue | Sort-Object -Property Name -Descending)) {
        $xml = Get-KtWebXml -Path "$($copy.FullName)\applicationHost.config"
        if ($null -eq $xml) { continue }
        $element = $xml.SelectSingleNode("/configuration$($Directory.Filter)")
        if ($null -eq $element) { continue }
        $path = [System.Environment]::ExpandEnvironmentVariables($element.GetAttribute('physicalPath'))
        if (Test-Path -LiteralPath $path -PathType Container) { return $path }
    }
}

$found = @(Get-PathFault -Application $Applications -Path $Paths)
$lines = @()
$reason = ''
foreach ($one in $found) {
    $line = "$($one.Directory.Name): $($one.Directory.Path) $($one.Fault)"
    $lines += $line
    if ($reason) { continue }
    if (-not $one.Approved) {
        $reason = "$line; name the right folder in paths, or put the folder back"
        $earlier = Get-EarlierPath -Directory $one.Directory
        if ($earlier) { $reason += " (the configuration history has $earlier, which is there)" }
    }
    elseif (-not (Test-Path -LiteralPath $one.Approved -PathType Container)) { $reason = "$line, and the approved $($one.Approved) is no folder" }
}

@{
    needed   = $found.Count -gt 0
    possible = -not $reason
    reason   = $reason
    facts    = @{ missing = $lines }
}
