<#
.SYNOPSIS
Bytes from a place of a file, packed where that makes them fewer: bytes, deflated, count (of the file's own).
#>
[CmdletBinding()]
param([string]$Path, [long]$Offset, [int]$Count)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$stream = New-Object -TypeName IO.FileStream -ArgumentList $Path, ([IO.FileMode]::Open), ([IO.FileAccess]::Read), ([IO.FileShare]::ReadWrite)
try {
    [void]$stream.Seek($Offset, [IO.SeekOrigin]::Begin)
    $buffer = New-Object -TypeName byte[] -ArgumentList $Count
    $filled = 0
    while ($filled -lt $Count) {
        $read = $stream.Read($buffer, $filled, $Count - $filled)
        if ($read -eq 0) { break }
        $filled += $read
    }
}
finally { $stream.Dispose() }
$packed = New-Object -TypeName IO.MemoryStream
$deflate = New-Object -TypeName IO.Compression.DeflateStream -ArgumentList $packed, ([IO.Compression.CompressionMode]::Compress)
try { $deflate.Write($buffer, 0, $filled) } finally { $deflate.Dispose() }
$bytes = $packed.ToArray()
if ($bytes.Length -lt $filled) { return @{ bytes = $bytes; deflated = $true; count = $filled } }
$plain = New-Object -TypeName IO.MemoryStream
$plain.Write($buffer, 0, $filled)
@{ bytes = $plain.ToArray(); deflated = $false; count = $filled }
