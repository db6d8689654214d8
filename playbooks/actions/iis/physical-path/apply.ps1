<#
.SYNOPSIS
Sets the approved physical paths.
.OUTPUTS
changed, facts, rebootRequired
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

$set = @()
foreach ($one in @(Get-PathFault -Application $Applications -Path $Paths)) {
    Set-KtWebSetting -Filter $one.Directory.Filter -Name 'physicalPath' -Value $one.Approved
    $set += @{ name = $one.Directory.Name; from = $one.Directory.RawPath; to = $one.Approved }
}

@{
    changed        = $set.Count -gt 0
    facts          = @{ set = $set }
    rebootRequired = $false
}
