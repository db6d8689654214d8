<#
.SYNOPSIS
Puts the copy in the place of the broken file.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string] $History
)

# region the newest good copy (the same text in detect and apply; a test compares them)
function Get-GoodCopy {
    # Path of the newest copy that can be read; nothing where there is none.
    param([string] $Folder)
    $top = [System.Environment]::ExpandEnvironmentVariables($Folder)
    foreach ($copy in @(Get-ChildItem -LiteralPath $top -Directory -Force -ErrorAction SilentlyContinue | Sort-Object -Property Name -Descending)) {
        $file = "$($copy.FullName)\applicationHost.config"
        if ($null -ne (Get-KtWebXml -Path $file)) { return $file }
    }
}
# endregion

$copy = Get-GoodCopy -Folder $History
Copy-KtFile -Path $copy -Destination "$env:windir\System32\inetsrv\config\applicationHost.config"

@{
    changed        = $true
    facts          = @{ copy = $copy }
    rebootRequired = $false
}
