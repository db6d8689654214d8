<#
.SYNOPSIS
Reading and writing files of the kit's own, and its folder %ProgramData%\Kintsugi, which is checked before each use.
#>

function Read-KtText {
    <# .SYNOPSIS A file's text (UTF-8), also while another process is writing it. #>
    [CmdletBinding()]
    param([string]$Path)
    (New-Object -TypeName Text.UTF8Encoding -ArgumentList $false).GetString([byte[]](Read-KtBytes -Path $Path -From 0))
}

function Read-KtBytes {
    [CmdletBinding()]
    param([string]$Path, [long]$From = 0, [long]$Limit = [int]::MaxValue)
    $stream = New-Object -TypeName IO.FileStream -ArgumentList $Path, ([IO.FileMode]::Open), ([IO.FileAccess]::Read), ([IO.FileShare]::ReadWrite)
    try {
        $length = [int][Math]::Min($Limit, $stream.Length - $From)
        if ($length -le 0) { return , (New-Object -TypeName byte[] -ArgumentList 0) }
        [void]$stream.Seek($From, [IO.SeekOrigin]::Begin)
        $bytes = New-Object -TypeName byte[] -ArgumentList $length
        $done = 0
        while ($done -lt $length) {
            $count = $stream.Read($bytes, $done, $length - $done)
            if ($count -le 0) { break }
            $done += $count
        }
        , $bytes
    }
    finally { $stream.Dispose() }
}

function Write-KtText {
    <# .SYNOPSIS Writes a file whole or not at all: beside it first, flushed to the disk, then renamed. #>
    [CmdletBinding()]
    param([string]$Path, [AllowEmptyString()][string]$Text)
    $fresh = $Path + '.new'
    $bytes = (New-Object -TypeName Text.UTF8Encoding -ArgumentList $false).GetBytes($Text)
    $stream = New-Object -TypeName IO.FileStream -ArgumentList $fresh, ([IO.FileMode]::Create), ([IO.FileAccess]::Write), ([IO.FileShare]::None), 4096, ([IO.FileOptions]::WriteThrough)
    try {
        $stream.Write($bytes, 0, $bytes.Length)
        $stream.Flush($true)
    }
    finally { $stream.Dispose() }
    if ([IO.File]::Exists($Path)) { [IO.File]::Delete($Path) }
    [IO.File]::Move($fresh, $Path)
}

function Test-KtLink {
    <# .SYNOPSIS Whether a file or folder is a link or another reparse point. #>
    [CmdletBinding()]
    param([string]$Path)
    ([int][IO.File]::GetAttributes($Path) -band [int][IO.FileAttributes]::ReparsePoint) -ne 0
}

function Get-KtFolderFault {
    <# .SYNOPSIS What is wrong with the kit's folder, or '' when it may be used. #>
    [CmdletBinding()]
    param()
    $root = $global:KtState.Root
    $part = $root
    while ($part) {
        if (([IO.Directory]::Exists($part) -or [IO.File]::Exists($part)) -and (Test-KtLink -Path $part)) { return "$part is a reparse point" }
        $part = [IO.Path]::GetDirectoryName($part)
    }
    if ([IO.File]::Exists($root)) { return "$root is a file" }
    foreach ($name in 'ledger', 'runs', 'tasks') {
        $folder = [IO.Path]::Combine($root, $name)
        if ([IO.File]::Exists($folder)) { return "$folder is a file" }
        if ([IO.Directory]::Exists($folder) -and (Test-KtLink -Path $folder)) { return "$folder is a reparse point" }
    }
    $sddl = [string](Get-Acl -LiteralPath $root).Sddl
    if ($sddl -notmatch '^O:(BA|SY)') { return "the owner of $root is neither SYSTEM nor Administrators ($sddl)" }
    if ($sddl -notmatch 'D:P(AI)?(\(A;OICI;FA;;;SY\)\(A;OICI;FA;;;BA\)|\(A;OICI;FA;;;BA\)\(A;OICI;FA;;;SY\))$') {
        return "the access rules of $root are not exactly SYSTEM and Administrators with full control ($sddl)"
    }
    ''
}

function Assert-KtFolder {
    <# .SYNOPSIS Makes the kit's folder where it is missing and refuses one that others could have prepared. #>
    [CmdletBinding()]
    param([string[]]$Folder = @())
    $root = $global:KtState.Root
    if (-not [IO.Directory]::Exists($root) -and -not [IO.File]::Exists($root)) {
        # made under a name that nobody can guess, protected, and only then given its name
        $fresh = $root + '.' + [guid]::NewGuid().ToString('N')
        [void][IO.Directory]::CreateDirectory($fresh)
        $security = New-Object -TypeName Security.AccessControl.DirectorySecurity
        $security.SetSecurityDescriptorSddlForm('O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)')
        Set-Acl -LiteralPath $fresh -AclObject $security
        if (@([IO.Directory]::GetFileSystemEntries($fresh)).Count -gt 0) {
            throw (New-KtError -Id 'KtTampered' -Message "Somebody wrote into $fresh before it was protected." -Target $fresh)
        }
        [IO.Directory]::Move($fresh, $root)
    }
    $fault = Get-KtFolderFault
    if ($fault) { throw (New-KtError -Id 'KtTampered' -Message "The kit's folder may not be used: $fault." -Target $root) }
    foreach ($path in $Folder) { if (-not [IO.Directory]::Exists($path)) { [void][IO.Directory]::CreateDirectory($path) } }
}

function Get-KtRunFolder {
    [CmdletBinding()]
    param()
    [IO.Path]::Combine($global:KtState.Root, 'runs', $global:KtState.Run)
}

function Remove-KtOwnFolder {
    <# .SYNOPSIS Removes a folder below the kit's own, and then the parents that are empty. A kit's folder that others could have prepared is left as it is. #>
    [CmdletBinding()]
    param([string]$Path)
    $root = $global:KtState.Root
    if (-not [IO.Directory]::Exists($root)) { return }
    $fault = Get-KtFolderFault
    if ($fault) {
        Write-Warning -Message "$Path was not removed: $fault"
        return
    }
    if (-not $Path.StartsWith("$root\", [StringComparison]::OrdinalIgnoreCase)) { return }
    if ([IO.Directory]::Exists($Path)) { Remove-Item -LiteralPath $Path -Recurse -Force }
    $parent = [IO.Path]::GetDirectoryName($Path)
    try {
        while ($parent.Length -ge $root.Length) {
            if ([IO.Directory]::Exists($parent)) {
                $left = @([IO.Directory]::GetFileSystemEntries($parent))
                if ($parent -eq $root -and $left.Count -eq 1 -and [IO.Path]::GetFileName($left[0]) -eq 'lock') {
                    [IO.File]::Delete($left[0])
                    $left = @()
                }
                if ($left.Count -gt 0) { return }
                [IO.Directory]::Delete($parent)
            }
            $parent = [IO.Path]::GetDirectoryName($parent)
        }
    }
    catch {
        # another run has begun to use the folder: it stays
        return
    }
}
