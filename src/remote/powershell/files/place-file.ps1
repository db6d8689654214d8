<#
.SYNOPSIS
Moves a file that has come whole to its place. One that is there is replaced in one step, and keeps its permissions.
#>
[CmdletBinding()]
param([string]$Part, [string]$Path)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
if ([IO.File]::Exists($Path)) {
    $old = "$Path.kintsugi-old"
    [IO.File]::Replace($Part, $Path, $old)
    [IO.File]::Delete($old)
}
else { [IO.File]::Move($Part, $Path) }
