/** Scripts that fail, and the line where each really does. */
export const failingPlaces: readonly (readonly [what: string, lines: readonly string[], line: number])[] = [
  ['a function', ['function Get-Thing {', '  Get-Item C:\\nope', '}', '$x = Get-Thing'], 2],
  ['a function of a function', ['function A { B }', 'function B {', '  throw 1', '}', 'A'], 3],
  ['a block that is called', ['& {', '  Get-Item C:\\nope', '}'], 2],
  ['the block of a command', ['1 |', '  ForEach-Object {', '    Get-Item C:\\nope', '  }'], 3],
  ['a block as a method', ['$b = {', '  1 / $null', '}', '$b.Invoke()'], 2],
  ['the process block of a function', ['function A {', '  process {', '    1 / $null } }', '1 | A'], 3],
  ['a method of a class', ['class A {', '  static [void] F() {', "    throw 'x' } }", '[A]::F()'], 3],
  ['an error thrown on', ['function A {', '  try { 1 / $null }', '  catch {', '    throw } }', 'A'], 2],
  // what the kit's own function calls inside is no line of the script
  ['a function of the kit', ['function A {', "  Get-KtThing -Name 'x'", '}', 'A'], 2],
  [
    'what a function of the kit refuses',
    [
      'function A {',
      '  $in = @{ Path = 1 }',
      "  Set-KtRegistryValue @in -Name 'a' -Type 'String' -Value 'b'",
      '}',
      'A',
    ],
    3,
  ],
];
