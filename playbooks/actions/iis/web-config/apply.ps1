<#
.SYNOPSIS
Puts a good copy in the place of a web.config, or writes it without the fault.
.DESCRIPTION
Byte order mark and layout between the elements stay; the old file is set aside by the kit.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string[]] $Applications,
    [hashtable] $Copies,
    [string[]] $RemoveSections
)

# region what is wrong with web.config files (the same text in detect and apply; a test compares them)
function Read-Collection {
    # Collections of system.webServer whose entries may stand once: place, name of an entry, its keys.
    @{ Section = 'staticContent'; Entry = 'mimeMap'; Key = 'fileExtension' }
    @{ Section = 'handlers'; Entry = 'add'; Key = 'name' }
    @{ Section = 'modules'; Entry = 'add'; Key = 'name' }
    @{ Section = 'defaultDocument/files'; Entry = 'add'; Key = 'value' }
}

function Test-Declared {
    # Whether the server knows a section of system.webServer: declared in its configuration, as a section or as a group of sections.
    param([object] $Xml, [string] $Name)
    $group = "/configuration/configSections/sectionGroup[@name='system.webServer']"
    $null -ne $Xml.SelectSingleNode("$group/section[@name='$Name']") -or $null -ne $Xml.SelectSingleNode("$group/sectionGroup[@name='$Name']")
}

function Get-ConfigFault {
    # One entry for each fault: Name, Path, Kind (malformed, duplicate, unknown), Detail, Element (where it stands).
    param([string[]] $Application)
    $server = Get-KtWebXml
    if ($null -eq $server) { return }
    foreach ($directory in @(Get-KtWebDirectory -Application $Application)) {
        if ($directory.Path.StartsWith('\\')) { continue }
        $path = "$($directory.Path.TrimEnd('\'))\web.config"
        if (-not (Test-Path -LiteralPath $path -PathType Leaf)) { continue }
        $xml = Get-KtWebXml -Path $path
        if ($null -eq $xml) {
            @{ Name = $directory.Name; Path = $path; Kind = 'malformed'; Detail = 'is not well-formed'; Element = $null; Xml = $null }
            continue
        }
        $root = $xml.SelectSingleNode('/configuration/system.webServer')
        if ($null -eq $root) { continue }
        foreach ($section in @($root.SelectNodes('*'))) {
            $own = $xml.SelectSingleNode("/configuration/configSections/sectionGroup[@name='system.webServer']/section[@name='$($section.LocalName)']")
            if ($null -ne $own -or (Test-Declared -Xml $server -Name $section.LocalName)) { continue }
            @{ Name = $directory.Name; Path = $path; Kind = 'unknown'; Detail = "system.webServer/$($section.LocalName)"; Element = $section; Xml = $xml }
        }
        foreach ($collection in @(Read-Collection)) {
            $seen = @{}
            $above = @($server.SelectNodes("/configuration/system.webServer/$($collection.Section)/$($collection.Entry)")) + @($server.SelectNodes("/configuration/location[@path='']/system.webServer/$($collection.Section)/$($collection.Entry)"))
            foreach ($entry in $above) { $seen[$entry.GetAttribute($collection.Key).ToLowerInvariant()] = $true }
            foreach ($element in @($root.SelectNodes("$($collection.Section)/*"))) {
                $key = $element.GetAttribute($collection.Key).ToLowerInvariant()
                if ($element.LocalName -eq 'clear') { $seen = @{} }
                elseif ($element.LocalName -eq 'remove') { $seen.Remove($key) }
                elseif ($element.LocalName -eq $collection.Entry) {
                    if ($seen.ContainsKey($key)) { @{ Name = $directory.Name; Path = $path; Kind = 'duplicate'; Detail = "$($collection.Section) $key"; Element = $element; Xml = $xml; Key = $collection.Key } }
                    $seen[$key] = $true
                }
            }
        }
    }
}

function Get-Copy {
    param([hashtable] $Copy, [string] $Name)
    foreach ($one in $Copy.Keys) { if ("$one".TrimEnd('/') -eq $Name.TrimEnd('/')) { return "$($Copy[$one])" } }
    ''
}
# endregion

$mended = @()
foreach ($group in @(Get-ConfigFault -Application $Applications | Group-Object -Property { $_.Path })) {
    $faults = @($group.Group)
    $path = $faults[0].Path
    $copy = Get-Copy -Copy $Copies -Name $faults[0].Name
    if ($copy) { Copy-KtFile -Path $copy -Destination $path }
    else {
        foreach ($fault in $faults) {
            if ($fault.Kind -eq 'unknown') { $null = $fault.Element.ParentNode.RemoveChild($fault.Element) }
            else {
                $remove = $fault.Xml.CreateElement('remove')
                $remove.SetAttribute($fault.Key, $fault.Element.GetAttribute($fault.Key))
                $null = $fault.Element.ParentNode.InsertBefore($remove, $fault.Element)
            }
        }
        Set-KtFileText -Path $path -Text $faults[0].Xml.OuterXml
    }
    $mended += $path
}

@{
    changed        = $mended.Count -gt 0
    facts          = @{ mended = $mended }
    rebootRequired = $false
}
