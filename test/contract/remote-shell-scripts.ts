/** The scripts of the suite: real PowerShell, so that every implementation runs the same. */
export const contractScripts = {
  echo: 'param($Value) , $Value',
  set: 'param($Value) $global:contractValue = $Value',
  get: '$global:contractValue',
  throw: "'before'\nthrow 'it broke'",
  error: "Write-Error -Message 'not so bad' -ErrorId Mild\n'went on'",
  streams:
    "Write-Warning 'careful'; Write-Verbose 'detail' -Verbose; Write-Information 'note' -Tags mark; Write-Progress -Activity Work -PercentComplete 40; 'out'",
  endless: "'started'; Write-Warning 'running'; while ($true) { Start-Sleep -Milliseconds 20 }",
  secretLength: 'param([securestring] $Password) $Password.Length',
} as const;
