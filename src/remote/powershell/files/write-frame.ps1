<#
.SYNOPSIS
Puts bytes at a place of a file and lets it end behind them; gives its length. Doing it twice leaves the same file.
#>
[CmdletBinding()]
param([string]$Path, [long]$Offset, [byte[]]$Bytes, [bool]$Deflated)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
if ($Deflated) {
    $packed = New-Object -TypeName IO.MemoryStream -ArgumentList (, $Bytes)
    $plain = New-Object -TypeName IO.MemoryStream
    $inflate = New-Object -TypeName IO.Compression.DeflateStream -ArgumentList $packed, ([IO.Compression.CompressionMode]::Decompress)
    try { $inflate.CopyTo($plain) } finally { $inflate.Dispose() }
    $Bytes = $plain.ToArray()
}
$stream = New-Object -TypeName IO.FileStream -ArgumentList $Path, ([IO.FileMode]::OpenOrCreate), ([IO.FileAccess]::Write), ([IO.FileShare]::None)
try {
    if ($stream.Length -lt $Offset) { throw "Expected $Offset bytes of '$Path' to be there, got $($stream.Length)." }
    $stream.SetLength($Offset)
    [void]$stream.Seek($Offset, [IO.SeekOrigin]::Begin)
    $stream.Write($Bytes, 0, $Bytes.Length)
    [long]$stream.Length
}
finally { $stream.Dispose() }
