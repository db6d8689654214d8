<#
.SYNOPSIS
Unlocks the sections.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string[]] $Applications
)

# region locked sections that are set (the same text in detect and apply; a test compares them)
function Get-LockedSection {
    # Sections that web.config files set though they are locked: Section, Path, Delivered (whether IIS leaves them to applications).
    param([string[]] $Application)
    $server = Get-KtWebXml
    if ($null -eq $server) { return }
    foreach ($directory in @(Get-KtWebDirectory -Application $Application)) {
        $path = "$($directory.Path.TrimEnd('\'))\web.config"
        if ($directory.Path.StartsWith('\\') -or -not (Test-Path -LiteralPath $path -PathType Leaf)) { continue }
        $xml = Get-KtWebXml -Path $path
        if ($null -eq $xml) { continue }
        foreach ($declared in @($server.GetElementsByTagName('section'))) {
            $section = $declared.GetAttribute('name')
            $above = $declared.ParentNode
            while ($above.LocalName -eq 'sectionGroup') {
                $section = $above.GetAttribute('name') + '/' + $section
                $above = $above.ParentNode
            }
            if (-not $section.StartsWith('system.webServer/') -or $null -eq $xml.SelectSingleNode("/configuration/$section")) { continue }
            if ((Get-KtWebLock -Section $section) -ne 'Deny') { continue }
            # a location of the server may have unlocked it for this application alone
            $place = $directory.Name.TrimEnd('/')
            $location = @($server.SelectNodes("/configuration/location[@overrideMode='Allow']")) | Where-Object { $_.GetAttribute('path') -eq $place -and $null -ne $_.SelectSingleNode($section) }
            if ($null -ne $location) { continue }
            @{ Section = $section; Path = $path; Delivered = $declared.GetAttribute('overrideModeDefault') -eq 'Allow' }
        }
    }
}
# endregion

$unlocked = @(Get-LockedSection -Application $Applications | Where-Object { $_.Delivered } | ForEach-Object { $_.Section } | Sort-Object -Unique)
foreach ($section in $unlocked) { Set-KtWebLock -Section $section -Mode Allow }

@{
    changed        = $unlocked.Count -gt 0
    facts          = @{ unlocked = $unlocked }
    rebootRequired = $false
}
