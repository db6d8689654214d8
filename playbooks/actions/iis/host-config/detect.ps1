<#
.SYNOPSIS
Tells whether the configuration of the web server cannot be read. Read-only.
.DESCRIPTION
Not possible where the history has no copy that can be read.
.OUTPUTS
needed, possible, reason, facts
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

$broken = (Get-KtService -Name 'W3SVC').Exists -and $null -eq (Get-KtWebXml)
$copy = ''
if ($broken) { $copy = "$(Get-GoodCopy -Folder $History)" }
$reason = ''
if ($broken -and -not $copy) { $reason = "applicationHost.config cannot be read, and $History has no copy that can" }

@{
    needed   = $broken
    possible = -not $reason
    reason   = $reason
    facts    = @{ broken = $broken; copy = $copy }
}
