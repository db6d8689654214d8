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
  die: "'dying'; Stop-Process -Id $PID -Force; Start-Sleep -Seconds 60; 'survived'",
} as const;

/** Scripts that need the language itself; a fake does not know them. */
export const languageScripts = {
  allStreams: [
    "$DebugPreference = 'Continue'",
    "Write-Debug 'trace'",
    "$DebugPreference = 'SilentlyContinue'",
    "Write-Host 'shown'",
    "Write-Error -Message 'bad' -ErrorId Bad",
    "Write-Warning 'careful'",
    "'out'",
  ].join('\n'),
  failInFunction:
    "function Invoke-Contract {\n  throw [System.InvalidOperationException]::new('deep')\n}\nInvoke-Contract",
  missingItem: "'before'\n  Get-Item -LiteralPath '/no/such/thing' -ErrorAction Stop",
  broken: "'never'\nif (",
  types: [
    '[pscustomobject]@{',
    "  Name = 'a'",
    '  Count = 3',
    '  List = @(1, 2)',
    '  At = [datetime]::new(2026, 1, 2, 3, 4, 5, [System.DateTimeKind]::Utc)',
    '  Big = [long]::MaxValue',
    '  None = $null',
    '  Span = [timespan]::FromSeconds(90)',
    '  Day = [System.DayOfWeek]::Monday',
    '  Letter = [char]65',
    '}',
  ].join('\n'),
  many: 'param([int] $Count) foreach ($i in 1..$Count) { $i }',
  loneSurrogate: '$x = [char]0xd83d; "$x|"',
  reveal: "param([securestring] $Password) [System.Net.NetworkCredential]::new('', $Password).Password",
  revealInside: 'param($Table) $Table.Inner.Password.Length',
  giveSecret: 'param([securestring] $Password) $Password',
  askUser: "'before'; Read-Host 'Name?'; 'after'",
  finallySets:
    "try { Write-Warning 'running'; while ($true) { Start-Sleep -Milliseconds 20 } } finally { $global:contractValue = 'cleaned up' }",
  localScope: '$contractLocal = 1; Get-Variable contractLocal -ValueOnly',
  seeLocal: 'Get-Variable contractLocal -ErrorAction SilentlyContinue | Measure-Object | ForEach-Object { $_.Count }',
} as const;
