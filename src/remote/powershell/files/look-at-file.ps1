<#
.SYNOPSIS
What a file is: whether it is there, its length, and the SHA-256 of its first bytes (all of them by default), lower-case hex.
.NOTES
Without hash where the length is not the one that the caller is interested in. Windows PowerShell 5.1 that PowerShell 7 also runs.
#>
[CmdletBinding()]
param([string]$Path, [long]$First = -1, [long]$IfLength = -1)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
if (-not [IO.Path]::IsPathRooted($Path)) { throw "Expected a full path, got '$Path'." }
if (-not [IO.File]::Exists($Path)) { return @{ exists = $false; length = [long]0; sha256 = '' } }
$stream = New-Object -TypeName IO.FileStream -ArgumentList $Path, ([IO.FileMode]::Open), ([IO.FileAccess]::Read), ([IO.FileShare]::ReadWrite)
try {
    $length = [long]$stream.Length
    if ($IfLength -ge 0 -and $IfLength -ne $length) { return @{ exists = $true; length = $length; sha256 = '' } }
    $left = $length
    if ($First -ge 0 -and $First -lt $length) { $left = $First }
    $hash = [Security.Cryptography.SHA256]::Create()
    $buffer = New-Object -TypeName byte[] -ArgumentList 1048576
    while ($left -gt 0) {
        $count = $stream.Read($buffer, 0, [int][Math]::Min($left, $buffer.Length))
        if ($count -eq 0) { break }
        [void]$hash.TransformBlock($buffer, 0, $count, $null, 0)
        $left -= $count
    }
    [void]$hash.TransformFinalBlock($buffer, 0, 0)
    @{ exists = $true; length = $length; sha256 = [BitConverter]::ToString($hash.Hash).Replace('-', '').ToLowerInvariant() }
}
finally { $stream.Dispose() }
