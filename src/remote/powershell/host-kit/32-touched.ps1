<#
.SYNOPSIS
The facts that a run touches, as canonical texts: read before the first change and again after a rollback, by the same code. And the
targeted copies (L2) that a person can restore from by hand.
#>

function Expand-KtPath {
    [CmdletBinding()]
    param([string]$Path)
    [Environment]::ExpandEnvironmentVariables($Path).TrimEnd('\')
}

function Split-KtRegistryName {
    <# .SYNOPSIS HKLM\path\to\key:value or HKLM\path\to\key: Path (for the provider), Name, IsKey. #>
    [CmdletBinding()]
    param([string]$Text)
    $key = $Text
    $name = ''
    $cut = $Text.IndexOf(':', [Math]::Max(0, $Text.LastIndexOf('\')))
    if ($cut -gt 0) {
        $key = $Text.Substring(0, $cut)
        $name = $Text.Substring($cut + 1)
    }
    $slash = $key.IndexOf('\')
    @{ Path = $key.Substring(0, $slash) + ':' + $key.Substring($slash); Name = $name; IsKey = ($cut -le 0) }
}

function Get-KtTouchedFact {
    <# .SYNOPSIS One hashtable of all facts of what steps touch: name to canonical text. #>
    [CmdletBinding()]
    param([AllowEmptyCollection()][object[]]$Touches)
    $facts = @{}
    foreach ($touch in $Touches) {
        foreach ($name in @(Get-KtField -From $touch -Name 'services' -Default @())) {
            $service = Get-KtService -Name $name
            $facts["service:${name}:state"] = $service.State
            # Windows itself moves these two between manual and delayed start
            $flips = ($name -in 'bits', 'TrustedInstaller') -and ($service.StartType -in 'Manual', 'Automatic', 'AutomaticDelayedStart')
            $facts["service:${name}:start"] = if ($flips) { 'set by Windows' } else { $service.StartType }
        }
        foreach ($folder in @(Get-KtField -From $touch -Name 'folders' -Default @())) {
            $path = Expand-KtPath -Path $folder
            $there = [IO.Directory]::Exists($path)
            $facts["folder:${path}:exists"] = if ($there) { 'true' } else { 'false' }
            # a folder made anew has another birthday: tells the old one from one that only has its name
            if ($there) {
                $facts["folder:${path}:created"] = [string][IO.Directory]::GetCreationTimeUtc($path).Ticks
                $facts["folder:${path}:access"] = Get-KtAccessFact -Path $path
            }
        }
        foreach ($file in @(Get-KtField -From $touch -Name 'files' -Default @())) {
            $path = Expand-KtPath -Path $file
            $facts["file:${path}"] = Get-KtFileFact -Path $path
            if ([IO.File]::Exists($path)) { $facts["file:${path}:access"] = Get-KtAccessFact -Path $path }
        }
        foreach ($text in @(Get-KtField -From $touch -Name 'registry' -Default @())) { Add-KtRegistryFact -Facts $facts -Text $text }
        foreach ($task in @(Get-KtField -From $touch -Name 'tasks' -Default @())) {
            $facts["task:${task}:state"] = Get-KtTaskEnabled -Path $task
            $facts["task:${task}:definition"] = Get-KtSha256 -Text (Get-KtTaskXml -Path $task)
        }
    }
    $facts
}

function Get-KtAccessFact {
    <# .SYNOPSIS Owner and access rules of a file or folder as SDDL; of the marks only the one against inheritance (P), since Windows sets the others as it goes. #>
    [CmdletBinding()]
    param([string]$Path)
    try { $sddl = Get-KtSddl -Path $Path } catch { return 'unreadable' }
    ($sddl -replace '(?<=D:P?)(AI|AR)+', '')
}

function Get-KtFileFact {
    <# .SYNOPSIS SHA-256 of a file; of one that is large or locked its length and the time it was last written. #>
    [CmdletBinding()]
    param([string]$Path)
    if (-not [IO.File]::Exists($Path)) { return 'absent' }
    $length = Get-KtFileLength -Path $Path
    if ($length -le 67108864) {
        try { return 'sha256:' + (Get-KtBytesSha256 -Bytes ([byte[]](Read-KtBytes -Path $Path -From 0))) }
        catch { $length = Get-KtFileLength -Path $Path }
    }
    "length:$length written:$([IO.File]::GetLastWriteTimeUtc($Path).Ticks)"
}

function Add-KtRegistryFact {
    [CmdletBinding()]
    param([hashtable]$Facts, [string]$Text)
    $where = Split-KtRegistryName -Text $Text
    if (-not $where.IsKey) {
        $Facts["registry:$Text"] = Get-KtRegistryText -Path $where.Path -Name $where.Name
        return
    }
    $there = Test-Path -LiteralPath $where.Path
    $Facts["registry:${Text}:exists"] = if ($there) { 'true' } else { 'false' }
    if (-not $there) { return }
    foreach ($name in @((Get-Item -LiteralPath $where.Path).GetValueNames())) { $Facts["registry:${Text}:$name"] = Get-KtRegistryText -Path $where.Path -Name $name }
}

function Save-KtCapture {
    <# .SYNOPSIS Door `capture`: copies of files, access rules and task definitions that steps touch, in the run's folder, and the facts. #>
    [CmdletBinding()]
    param([int]$Token, [string]$JournalHead, [AllowEmptyCollection()][object[]]$Touches)
    Set-KtWork -Token $Token -JournalHead $JournalHead -Step '(capture)'
    Assert-KtClaimNow
    $folder = [IO.Path]::Combine((Get-KtRunFolder), 'captures')
    Assert-KtFolder -Folder $folder
    $facts = Get-KtTouchedFact -Touches $Touches
    $rules = @{}
    $definitions = @{}
    $copies = @{}
    foreach ($touch in $Touches) {
        foreach ($item in @(Get-KtField -From $touch -Name 'folders' -Default @()) + @(Get-KtField -From $touch -Name 'files' -Default @())) {
            $path = Expand-KtPath -Path $item
            if (Test-Path -LiteralPath $path) { $rules[$path] = $(try { Get-KtSddl -Path $path } catch { 'unreadable' }) }
            # a copy that cannot be had (too large, locked) is a comfort less; the undo does not rest on it
            if ((Get-KtFileFact -Path $path).StartsWith('sha256:')) {
                $copy = (Get-KtSha256 -Text $path.ToLowerInvariant()).Substring(0, 16) + '-' + [IO.Path]::GetFileName($path)
                [IO.File]::Copy($path, [IO.Path]::Combine($folder, $copy), $true)
                $copies[$path] = $copy
            }
        }
        foreach ($task in @(Get-KtField -From $touch -Name 'tasks' -Default @())) { $definitions[$task] = Get-KtTaskXml -Path $task }
    }
    $capture = [ordered]@{ facts = $facts; accessRules = $rules; tasks = $definitions; files = $copies }
    $path = [IO.Path]::Combine($folder, 'capture.json')
    if (-not [IO.File]::Exists($path)) { Write-KtText -Path $path -Text (ConvertTo-KtJson -Value $capture) }
    [void](Add-KtRecord -Kind 'outcome' -Data ([ordered]@{ step = '(capture)'; kind = 'capture'; sha256 = Get-KtSha256 -Text (Read-KtText -Path $path) }))
    @{ facts = $facts }
}
