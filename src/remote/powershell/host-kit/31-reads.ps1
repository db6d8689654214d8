<#
.SYNOPSIS
Reads for actions: events, folders, logs.
#>

function Get-KtEvent {
    <#
    .SYNOPSIS
    Events, newest first. No such log or no such event gives nothing.
    .OUTPUTS
    Id, Provider, Level, TimeUtc, UserSid (or ''), Data (by EventData names), Text (data values joined; never the translated message)
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Log, [string[]]$Provider = @(), [int[]]$Id = @(), [double]$Days = 0, [int]$Newest = 0)
    $filter = @{ LogName = $Log }
    if ($Provider.Count -gt 0) { $filter.ProviderName = $Provider }
    if ($Id.Count -gt 0) { $filter.Id = $Id }
    if ($Days -gt 0) { $filter.StartTime = (Get-Date).AddDays(-$Days) }
    $limit = @{}
    if ($Newest -gt 0) { $limit.MaxEvents = $Newest }
    try { $found = @(Get-WinEvent -FilterHashtable $filter @limit -ErrorAction Stop) }
    catch {
        # by id, since the words are translated; a provider or log that is not installed has no events either
        $known = 'NoMatchingEventsFound', 'NoMatchingLogsFound', 'NoMatchingProvidersFound', 'LogsAndProvidersDontOverlap'
        if (($known -contains ([string]$_.FullyQualifiedErrorId).Split(',')[0]) -or ($_.Exception -is [Diagnostics.Eventing.Reader.EventLogNotFoundException])) { return }
        throw
    }
    foreach ($event in $found) { ConvertFrom-KtEvent -Record $event }
}

function ConvertFrom-KtEvent {
    [CmdletBinding()]
    param([object]$Record)
    $document = New-Object -TypeName Xml.XmlDocument
    $document.LoadXml($Record.ToXml())
    $data = @{}
    $texts = New-Object -TypeName Collections.ArrayList
    $number = 0
    foreach ($element in $document.GetElementsByTagName('Data')) {
        $name = [string]$element.GetAttribute('Name')
        if (-not $name) { $name = [string]$number }
        $data[$name] = [string]$element.InnerText
        [void]$texts.Add([string]$element.InnerText)
        $number++
    }
    [pscustomobject]@{
        Id = [int]$Record.Id; Provider = [string]$Record.ProviderName; Level = [int]$Record.Level
        UserSid = [string]$Record.UserId; TimeUtc = $Record.TimeCreated.ToUniversalTime(); Data = $data; Text = $texts.ToArray() -join ' '
    }
}

function Get-KtFolderSize {
    <# .SYNOPSIS Bytes and Files below a folder; links are not followed, what cannot be read is skipped. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path)
    [long]$bytes = 0
    $files = 0
    $waiting = New-Object -TypeName Collections.Stack
    if ([IO.Directory]::Exists($Path)) { $waiting.Push($Path) }
    while ($waiting.Count -gt 0) {
        $folder = $waiting.Pop()
        try {
            foreach ($file in [IO.Directory]::GetFiles($folder)) {
                $bytes += (New-Object -TypeName IO.FileInfo -ArgumentList $file).Length
                $files++
            }
            foreach ($child in [IO.Directory]::GetDirectories($folder)) { if (-not (Test-KtLink -Path $child)) { $waiting.Push($child) } }
        }
        catch { continue }
    }
    [pscustomobject]@{ Bytes = $bytes; Files = $files }
}

function Get-KtFolderItem {
    <# .SYNOPSIS Files and folders directly in a folder: Path, IsFolder, Bytes, AgeDays (since last written). #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path, [double]$OlderThanDays = 0)
    if (-not [IO.Directory]::Exists($Path)) { return }
    $now = [datetime]::UtcNow
    foreach ($item in [IO.Directory]::GetFileSystemEntries($Path)) {
        $age = ($now - [IO.File]::GetLastWriteTimeUtc($item)).TotalDays
        if ($age -lt $OlderThanDays) { continue }
        $isFolder = [IO.Directory]::Exists($item)
        $bytes = if ($isFolder) { $(if (Test-KtLink -Path $item) { [long]0 } else { (Get-KtFolderSize -Path $item).Bytes }) } else { (New-Object -TypeName IO.FileInfo -ArgumentList $item).Length }
        [pscustomobject]@{ Path = $item; IsFolder = $isFolder; Bytes = [long]$bytes; AgeDays = $age }
    }
}

function Get-KtFileLength {
    <# .SYNOPSIS A file's length in bytes, 0 when it is missing. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path)
    if (-not [IO.File]::Exists($Path)) { return [long]0 }
    [long](New-Object -TypeName IO.FileInfo -ArgumentList $Path).Length
}

function Get-KtLogLine {
    <# .SYNOPSIS Lines of a log (UTF-8 or with a byte order mark) from a byte offset on, also while it is being written; a log that began anew is read from its start. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path, [long]$From = 0, [string]$Match = '', [int]$Newest = 0)
    $length = Get-KtFileLength -Path $Path
    if ($length -eq 0) { return }
    $start = if ($From -gt $length) { [long]0 } else { $From }
    $bytes = [byte[]](Read-KtBytes -Path $Path -From $start)
    $encoding = New-Object -TypeName Text.UTF8Encoding -ArgumentList $false
    $head = [byte[]](Read-KtBytes -Path $Path -From 0 -Limit 2)
    if ($head.Length -eq 2 -and $head[0] -eq 255 -and $head[1] -eq 254) { $encoding = [Text.Encoding]::Unicode }
    $lines = @($encoding.GetString($bytes) -split "`r?`n" | Where-Object { $_ -ne '' })
    if ($Match) { $lines = @($lines | Where-Object { $_ -match $Match }) }
    if ($Newest -gt 0 -and $lines.Count -gt $Newest) { $lines = @($lines | Select-Object -Last $Newest) }
    $lines
}
