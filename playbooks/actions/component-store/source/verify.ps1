<#
.SYNOPSIS
Tells whether a repair source can be read and is of the build of this Windows. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Source
)

$reason = ''
$build = (Get-KtOs).Build
$version = ''
$languages = @()
if ($Source -match '^(?:wim|esd):(.+):(\d+)$') {
    $path = $Matches[1]
    $index = [int]$Matches[2]
    try {
        $image = @(Get-WindowsImage -ImagePath $path -Index $index -ErrorAction Stop)
        if ($image.Count -eq 0) { $reason = "the image $path has no index $index" }
        else {
            $version = "$($image[0].Version)"
            $languages = @($image[0].Languages | ForEach-Object { "$_" })
            if ($version -notmatch "^10\.0\.$build(\.|`$)") { $reason = "the image $path is of the version $version, and this Windows of the build $build; take the image of the same build" }
        }
    }
    catch {
        $fault = $_.Exception
        while ($null -ne $fault.InnerException) { $fault = $fault.InnerException }
        $reason = "the image $path could not be opened as SYSTEM ($('0x{0:X8}' -f $fault.HResult)); on a share the computer account needs to read it"
    }
}
elseif ($Source -match '^(?:wim|esd):') { $reason = 'the source names no index; write it as wim:<path>:<index>' }
elseif ($Source -and -not (Test-Path -LiteralPath $Source -PathType Container)) {
    $reason = "the folder $Source is not there for SYSTEM; on a share the computer account needs to read it"
}

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ source = $Source; version = $version; languages = $languages }
}
