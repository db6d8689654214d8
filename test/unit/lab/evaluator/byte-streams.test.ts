import { expect, test } from 'vitest';
import { runScript } from './run-script.ts';

const outputOf = async (text: string) => {
  const { output, end } = await runScript(text);
  expect(end).toMatchObject({ kind: 'completed' });
  return output;
};

test('bytes are packed into memory and come out again', async () => {
  expect(
    await outputOf(`
      $bytes = [Text.Encoding]::UTF8.GetBytes('abc' * 1000)
      $packed = New-Object IO.MemoryStream
      $deflate = New-Object IO.Compression.DeflateStream $packed, ([IO.Compression.CompressionMode]::Compress)
      $deflate.Write($bytes, 0, $bytes.Length)
      $deflate.Dispose()
      $small = $packed.ToArray()
      $small.Length -lt 100
      $inflate = New-Object IO.Compression.DeflateStream (New-Object IO.MemoryStream (, $small)), ([IO.Compression.CompressionMode]::Decompress)
      $plain = New-Object IO.MemoryStream
      $inflate.CopyTo($plain)
      $plain.Length
      [Text.Encoding]::UTF8.GetString($plain.ToArray()).EndsWith('abcabc')
    `),
  ).toEqual([true, expect.objectContaining({ value: 3000n }), true]);
});

test('what is no packed data is refused, as is the wrong direction', async () => {
  expect(
    await outputOf(`
      $stream = New-Object IO.Compression.DeflateStream (New-Object IO.MemoryStream (, [byte[]](255, 255, 255))), ([IO.Compression.CompressionMode]::Decompress)
      try { $stream.CopyTo((New-Object IO.MemoryStream)) } catch { $_.Exception.InnerException.GetType().Name }
      try { $stream.Write([byte[]](1), 0, 1) } catch { $_.Exception.InnerException.GetType().Name }
    `),
  ).toEqual(['InvalidDataException', 'InvalidOperationException']);
});

test('a memory stream is read and written at its position, and grows', async () => {
  expect(
    await outputOf(`
      $stream = New-Object IO.MemoryStream
      $stream.Write([byte[]](1, 2, 3, 4), 0, 4)
      $stream.Position = 2
      $stream.Write([byte[]](9, 9, 9), 1, 2)
      $stream.WriteByte(7)
      ($stream.ToArray()) -join ','
      $stream.Position = 0
      $buffer = New-Object byte[] 3
      $stream.Read($buffer, 1, 2)
      $buffer -join ','
      $stream.ReadByte()
      $stream.SetLength(2)
      $stream.Length
    `),
  ).toEqual(['1,2,9,9,7', 2, '0,1,2', 9, expect.objectContaining({ value: 2n })]);
});

test('a hash made piece by piece is that of the whole', async () => {
  expect(
    await outputOf(`
      $bytes = [byte[]](1..100)
      $sha = [Security.Cryptography.SHA256]::Create()
      [void]$sha.TransformBlock($bytes, 0, 60, $null, 0)
      [void]$sha.TransformFinalBlock($bytes, 60, 40)
      [Convert]::ToBase64String($sha.Hash) -eq [Convert]::ToBase64String([Security.Cryptography.SHA256]::Create().ComputeHash($bytes))
    `),
  ).toEqual([true]);
});
