<#
.SYNOPSIS
Making folders, copying and writing files, access rules, and deleting for good inside given folders.
#>

function New-KtFolder {
    <# .SYNOPSIS Makes a folder and its missing parents, each with its own record. Undone by removing what is still empty. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path)
    if ([IO.Directory]::Exists($Path)) { return }
    $parent = [IO.Path]::GetDirectoryName($Path)
    if ($parent) { New-KtFolder -Path $parent }
    Write-KtBefore -Change 'folder' -Target $Path -Before ([ordered]@{ existed = $false })
    [void][IO.Directory]::CreateDirectory($Path)
}

function Undo-KtFolder {
    [CmdletBinding()]
    param([string]$Path)
    if (-not [IO.Directory]::Exists($Path)) { return }
    if (@([IO.Directory]::GetFileSystemEntries($Path)).Count -gt 0) {
        throw (New-KtError -Id 'KtNotProven' -Message "Folder $Path was made by this run, but somebody has put something into it since; it stays." -Target $Path)
    }
    [IO.Directory]::Delete($Path)
}

function Copy-KtFile {
    <# .SYNOPSIS Copies a file of any size and proves the copy by its SHA-256; one that is in the way is set aside. Undone by removing the copy and bringing the old one back. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path, [Parameter(Mandatory = $true)][string]$Destination)
    $sha256 = Get-KtFileSha256 -Path $Path
    if ([IO.File]::Exists($Destination)) {
        if ((Get-KtFileSha256 -Path $Destination) -eq $sha256) { return }
        Rename-KtFile -Path $Destination -Aside | Out-Null
    }
    New-KtFolder -Path ([IO.Path]::GetDirectoryName($Destination))
    Write-KtBefore -Change 'file' -Target $Destination -Before ([ordered]@{ existed = $false; newSha256 = $sha256 })
    [IO.File]::Copy($Path, $Destination)
    if ((Get-KtFileSha256 -Path $Destination) -ne $sha256) { throw (New-KtError -Id 'KtNotProven' -Message "$Destination is not as $Path, of which it is the copy." -Target $Destination) }
}

function Get-KtFileSha256 {
    <# .SYNOPSIS SHA-256 of a file of any size, lower-case hex; others may be reading and writing it. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path)
    $algorithm = [Security.Cryptography.SHA256]::Create()
    $stream = New-Object -TypeName IO.FileStream -ArgumentList $Path, ([IO.FileMode]::Open), ([IO.FileAccess]::Read), ([IO.FileShare]::ReadWrite)
    try {
        $part = New-Object -TypeName byte[] -ArgumentList 4194304
        while (($count = $stream.Read($part, 0, $part.Length)) -gt 0) { [void]$algorithm.TransformBlock($part, 0, $count, $part, 0) }
        [void]$algorithm.TransformFinalBlock($part, 0, 0)
        [BitConverter]::ToString($algorithm.Hash).Replace('-', '').ToLowerInvariant()
    }
    finally {
        $stream.Dispose()
        $algorithm.Dispose()
    }
}

function Set-KtFileText {
    <# .SYNOPSIS Writes a text file (UTF-8); one that is there is set aside. Undone by removing it and bringing the old one back. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path, [Parameter(Mandatory = $true)][AllowEmptyString()][string]$Text)
    Write-KtFileNow -Path $Path -Bytes ((New-Object -TypeName Text.UTF8Encoding -ArgumentList $false).GetBytes($Text))
}

function Write-KtFileNow {
    [CmdletBinding()]
    param([string]$Path, [AllowEmptyCollection()][byte[]]$Bytes)
    $sha256 = Get-KtBytesSha256 -Bytes $Bytes
    if ([IO.File]::Exists($Path)) {
        if ((Get-KtBytesSha256 -Bytes ([byte[]](Read-KtBytes -Path $Path -From 0))) -eq $sha256) { return }
        Rename-KtFile -Path $Path -Aside | Out-Null
    }
    New-KtFolder -Path ([IO.Path]::GetDirectoryName($Path))
    Write-KtBefore -Change 'file' -Target $Path -Before ([ordered]@{ existed = $false; newSha256 = $sha256 })
    [IO.File]::WriteAllBytes($Path, $Bytes)
}

function Save-KtNewFile {
    <# .SYNOPSIS Records that a native program is about to make a file that is not there yet. Undone by removing it, whatever is in it. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path)
    if (Test-Path -LiteralPath $Path) { throw (New-KtError -Id 'KtRenameRefused' -Message "$Path is there already; no program is to write over it." -Target $Path) }
    Write-KtBefore -Change 'file' -Target $Path -Before ([ordered]@{ existed = $false; byProgram = $true })
}

function Undo-KtFile {
    [CmdletBinding()]
    param([string]$Path, [object]$Before)
    if (-not [IO.File]::Exists($Path)) { return }
    if ([bool](Get-KtField -From $Before -Name 'byProgram' -Default $false)) { [IO.File]::Delete($Path); return }
    if ((Get-KtFileSha256 -Path $Path) -eq [string]$Before.newSha256) { [IO.File]::Delete($Path); return }
    # half-written by us, or changed by somebody since: out of the way, but not lost
    Move-KtItemNow -From $Path -To (Get-KtAsideName -Path $Path -Mark 'kintsugi-rejected') -Attempts 3 -Prepare { }
}

function Get-KtSddl {
    <#
    .SYNOPSIS
    Owner and access rules of a file, folder or registry key as SDDL, without the group.
    .PARAMETER Audit
    With the audit rules too: Set-Acl writes all it is given, and without them it would clear those that are there.
    #>
    [CmdletBinding()]
    param([string]$Path, [switch]$Audit)
    if ($Audit) { $acl = Get-Acl -LiteralPath $Path -Audit } else { $acl = Get-Acl -LiteralPath $Path }
    ([string]$acl.Sddl) -replace 'G:[^:]*(?=D:)', ''
}

function Set-KtAcl {
    <# .SYNOPSIS Sets owner and access rules. Undone by the old SDDL. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path, [Parameter(Mandatory = $true)][string]$Sddl)
    $old = Get-KtSddl -Path $Path -Audit
    $rules = $old.IndexOf('S:', $old.IndexOf('D:'))
    $wanted = if ($Sddl -match '[)A-Z]S:' -or $rules -lt 0) { $Sddl } else { $Sddl + $old.Substring($rules) }
    if ($old -eq $wanted) { return }
    Write-KtBefore -Change 'acl' -Target $Path -Before ([ordered]@{ sddl = $old })
    Set-KtAclNow -Path $Path -Sddl $wanted
}

function Set-KtAclNow {
    [CmdletBinding()]
    param([string]$Path, [string]$Sddl)
    if ($Path -match '^(HK[A-Z]+:|Registry::)') { $security = New-Object -TypeName Security.AccessControl.RegistrySecurity }
    elseif ([IO.Directory]::Exists($Path)) { $security = New-Object -TypeName Security.AccessControl.DirectorySecurity }
    else { $security = New-Object -TypeName Security.AccessControl.FileSecurity }
    $security.SetSecurityDescriptorSddlForm($Sddl)
    Set-Acl -LiteralPath $Path -AclObject $security
}

function Undo-KtAcl {
    [CmdletBinding()]
    param([string]$Path, [object]$Before)
    if ((Get-KtSddl -Path $Path -Audit) -eq [string]$Before.sddl) { return }
    Set-KtAclNow -Path $Path -Sddl ([string]$Before.sddl)
    $now = Get-KtSddl -Path $Path -Audit
    if ($now -ne [string]$Before.sddl) { throw (New-KtError -Id 'KtNotProven' -Message "The access rules of $Path should read '$($Before.sddl)', but read '$now'." -Target $Path) }
}

function Remove-KtItem {
    <#
    .SYNOPSIS
    Deletes files and folders for good, only inside the given roots. What is deleted is listed with sizes first; what is in use stays.
    .OUTPUTS
    RemovedBytes, Removed, Skipped
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][AllowEmptyCollection()][string[]]$Path, [Parameter(Mandatory = $true)][string[]]$Root, [Parameter(Mandatory = $true)][string]$Reason)
    $list = New-Object -TypeName Collections.ArrayList
    foreach ($one in $Path) {
        $full = [IO.Path]::GetFullPath($one).TrimEnd('\')
        $inside = $false
        foreach ($top in $Root) {
            $folder = [IO.Path]::GetFullPath($top).TrimEnd('\')
            if ($full.StartsWith($folder + '\', [StringComparison]::OrdinalIgnoreCase) -and -not (Test-KtLinkBetween -Path $full -Root $folder)) { $inside = $true }
        }
        if (-not $inside) { throw (New-KtError -Id 'KtOutsideRoot' -Message "$full is not inside $($Root -join ', '); nothing was deleted." -Target $full) }
        if ([IO.Directory]::Exists($full)) { [void]$list.Add(@{ Path = $full; Bytes = (Get-KtFolderSize -Path $full).Bytes }) }
        elseif ([IO.File]::Exists($full)) { [void]$list.Add(@{ Path = $full; Bytes = (New-Object -TypeName IO.FileInfo -ArgumentList $full).Length }) }
    }
    if ($list.Count -eq 0) { return [pscustomobject]@{ RemovedBytes = [long]0; Removed = 0; Skipped = 0 } }
    $lines = @($list | ForEach-Object { [ordered]@{ path = $_.Path; bytes = $_.Bytes } })
    Write-KtBefore -Change 'delete' -Target ($Root -join '; ') -Before ([ordered]@{ items = $lines }) -Irreversible $Reason
    $removed = 0
    [long]$bytes = 0
    foreach ($item in $list) {
        Remove-Item -LiteralPath $item.Path -Recurse -Force -ErrorAction SilentlyContinue
        if (-not (Test-Path -LiteralPath $item.Path)) {
            $removed++
            $bytes += $item.Bytes
        }
        elseif ([IO.Directory]::Exists($item.Path)) {
            # partly deleted: what stayed is in use
            $bytes += $item.Bytes - (Get-KtFolderSize -Path $item.Path).Bytes
        }
    }
    [pscustomobject]@{ RemovedBytes = $bytes; Removed = $removed; Skipped = $list.Count - $removed }
}

function Test-KtLinkBetween {
    <# .SYNOPSIS Whether the path or a folder between it and the root is a link, which could lead elsewhere. #>
    [CmdletBinding()]
    param([string]$Path, [string]$Root)
    $part = $Path
    while ($part -and $part.Length -ge $Root.Length) {
        if (([IO.Directory]::Exists($part) -or [IO.File]::Exists($part)) -and (Test-KtLink -Path $part)) { return $true }
        $part = [IO.Path]::GetDirectoryName($part)
    }
    $false
}
