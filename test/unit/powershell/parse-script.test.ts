import { describe, expect, test } from 'vitest';
import { parseScript, parseTypeName } from '../../../src/powershell/parse-script.ts';
import { placeOf, textOf } from '../../../src/powershell/source.ts';
import { nodesOf } from '../../../src/powershell/walk.ts';
import { faultOf, statements } from './read-statements.ts';

describe('statements', () => {
  test('a word, a number-like word and a path are commands; a number is an expression', () => {
    const kinds = statements('Get-Date\n7z x\n.\\a.ps1\n& $x.y 1\n5').map((statement) =>
      statement.kind === 'pipeline' ? statement.elements[0]?.kind : statement.kind,
    );
    expect(kinds).toEqual(['command', 'command', 'command', 'command', 'expressionCommand']);
  });

  test('parameters, splatting, switches with values and redirections of a command are told apart', () => {
    const [pipeline] = statements('Do-It -Name:x @p -Force $a[0] "b c" 2>&1 > $null');
    const command = pipeline?.kind === 'pipeline' ? pipeline.elements[0] : undefined;
    if (command?.kind !== 'command') throw new Error('a command was expected');
    expect(
      command.elements.map((element) => (element.kind === 'argument' ? element.value.kind : `-${element.name}`)),
    ).toEqual(['-Name', 'variable', '-Force', 'index', 'string']);
    expect(command.redirections.map(({ from, merge }) => [from, merge])).toEqual([
      [2, true],
      [1, false],
    ]);
  });

  test('the value of an assignment may be a statement', () => {
    const [assignment] = statements('$x = if ($a) { 1 } else { 2 }');
    expect(assignment?.kind === 'assignment' && assignment.value.kind).toBe('if');
  });

  test('named blocks and attributes before param() belong to the body', () => {
    const { body } = parseScript(
      '[CmdletBinding()]\nparam([Parameter(Mandatory, Position = 0)][string]$A = "x", [switch] $B)\nbegin { 1 } process { 2 } end { 3 }',
    );
    expect(body.attributes.map(({ name }) => name)).toEqual(['CmdletBinding']);
    expect(body.parameters?.map(({ name, types }) => [name, types[0]?.name])).toEqual([
      ['A', 'string'],
      ['B', 'switch'],
    ]);
    expect([body.begin, body.process, body.finish].map((block) => block?.statements.length)).toEqual([1, 1, 1]);
  });
});

describe('definitions of types', () => {
  test('the type of a member may follow its modifier at once', () => {
    expect(() => parseScript('class A { static[int]$x = 1; hidden[string]$a; static$y }')).not.toThrow();
  });

  test('methods of one name differ by the number of their parameters', () => {
    expect(() => parseScript('class C { f() { } f($a) { } f($a, $b) { } }')).not.toThrow();
    expect(faultOf('class C { f($a) { } f($b) { } }').id).toBe('MemberAlreadyDefined');
  });

  test('a class has bases, properties, methods and constructors', () => {
    const [definition] = statements(`[Attr(1)] class Dog : Animal, IPet {
      [ValidateNotNull()] [string] $Name = 'Rex'; static [int] $Count
      hidden $Age
      Dog() { }
      Dog([string] $name, [int]$age) : base($name, 'x') { $this.Name = $name }
      [void] Bark() { } static hidden [int[]] Of([Dog] $a) { return 1 }
    }`);
    if (definition?.kind !== 'class') throw new Error('a class was expected');
    const { name, bases, attributes, members } = definition;
    expect([name, bases.map((base) => base.name), attributes[0]?.name]).toEqual(['Dog', ['Animal', 'IPet'], 'Attr']);
    expect(
      members.map((member) => [
        member.kind,
        member.name,
        member.type?.name,
        `${member.isStatic ? 'static' : ''}${member.isHidden ? 'hidden' : ''}`,
        member.kind === 'method' ? [member.parameters.length, member.base?.length] : member.value?.kind,
      ]),
    ).toEqual([
      ['property', 'Name', 'string', '', 'string'],
      ['property', 'Count', 'int', 'static', undefined],
      ['property', 'Age', undefined, 'hidden', undefined],
      ['method', 'Dog', undefined, '', [0, undefined]],
      ['method', 'Dog', undefined, '', [2, 2]],
      ['method', 'Bark', 'void', '', [0, undefined]],
      ['method', 'Of', 'int', 'statichidden', [1, undefined]],
    ]);
  });

  test('an enum has members with and without values', () => {
    const [definition] = statements('[Flags()]\nenum Color : byte { Red; Green = 2\n Blue = 4 }');
    if (definition?.kind !== 'enum') throw new Error('an enum was expected');
    expect([definition.name, definition.underlying?.name]).toEqual(['Color', 'byte']);
    expect(definition.members.map(({ name, value }) => [name, value?.kind])).toEqual([
      ['Red', undefined],
      ['Green', 'number'],
      ['Blue', 'number'],
    ]);
  });

  test.each([
    ['class { }', 'MissingNameAfterKeyword'],
    ['class A', 'MissingTypeBody'],
    ['class A { [int] [string] $x }', 'TooManyTypes'],
    ['class A { Foo { } }', 'MissingMethodParameterList'],
    ['class A { [int] $x', 'MissingEndCurlyBrace'],
    ['class A { A() : that() { } }', 'MissingBaseCtorCall'],
    ['enum A { 1 }', 'MissingNameAfterKeyword'],
  ])('%s is a fault', (text, id) => expect(faultOf(text).id).toBe(id));

  test('what only begins like one is a command or an expression', () => {
    const kinds = statements('class-of x\n[Flags]::class\n$class = 1\nenumerate x').map((each) => each.kind);
    expect(kinds).toEqual(['pipeline', 'pipeline', 'assignment', 'pipeline']);
  });
});

describe('arguments', () => {
  const kindsOf = (text: string): string[] => {
    const [pipeline] = statements(text);
    const command = pipeline?.kind === 'pipeline' ? pipeline.elements[0] : undefined;
    if (command?.kind !== 'command') throw new Error('a command was expected');
    return command.elements.map((element) => {
      const what = element.kind === 'argument' ? element.value.kind : element.kind;
      return `${what} ${text.slice(element.start, element.end)}`;
    });
  };
  // As PowerShell 7.6's own parser has them.
  test.each([
    ['foo $a.', ['variable $a', 'string .']],
    ['foo $a. Count', ['variable $a', 'string .', 'string Count']],
    ['foo $a-b', ['expandable $a-b']],
    ['foo $a"x"', ['expandable $a"x"']],
    ['foo $a.b-c', ['member $a.b', 'commandParameter -c']],
    ['foo $a.b/c', ['member $a.b', 'string /c']],
    ['foo $a[0]b', ['index $a[0]', 'string b']],
    ['foo $(1)b', ['subExpression $(1)', 'string b']],
  ])('%s has what a member, an index or a parenthesis ends as an argument of its own', (text, kinds) =>
    expect(kindsOf(text)).toEqual(kinds),
  );

  test('a dot before no name is a fault', () => expect(faultOf('foo $a.\\b').id).toBe('MissingPropertyName'));
});

describe('expressions', () => {
  test('blanks may stand before the ++ of an expression, not of an argument', () => {
    const kinds = (text: string) => [...nodesOf(parseScript(text).body)].map(({ kind }) => kind);
    expect(kinds('$a ++; $b[0] --').filter((kind) => kind === 'increment')).toHaveLength(2);
    expect(kinds('foo $a ++')).not.toContain('increment');
  });

  test('a member may stand apart from its dot, on the next line, too', () => {
    const text = '$a.\n  Foo(1).\n  Bar';
    expect(statements(text).map(({ start, end }) => text.slice(start, end))).toEqual([text]);
  });

  test.each([
    ['$a.Of[int](1)', 'a method call with type arguments'],
    ['$x = 5u', "the number suffix 'u'"],
    ['0xFFuy', "the number suffix 'uy'"],
    ['process { } clean { }', "the block 'clean'"],
  ])('%s is told as syntax of PowerShell 7', (text, name) => {
    const fault = faultOf(text);
    expect([fault.id, fault.message]).toEqual([
      'powershell-7-syntax',
      expect.stringContaining(`${name} is PowerShell 7`),
    ]);
  });

  const expression = (text: string): string => {
    const show = (node: unknown): string => {
      if (node === null || typeof node !== 'object' || !('kind' in node)) return '?';
      const any = node as {
        kind: string;
        operator?: string;
        left?: unknown;
        right?: unknown;
        operand?: unknown;
        items?: unknown[];
        name?: unknown;
        value?: { integer?: bigint };
      };
      if (any.kind === 'binary') return `(${show(any.left)} ${any.operator} ${show(any.right)})`;
      if (any.kind === 'unary') return `(${any.operator} ${show(any.operand)})`;
      if (any.kind === 'array') return `[${(any.items ?? []).map(show).join(' ')}]`;
      if (any.kind === 'number') return String(any.value?.integer);
      if (any.kind === 'variable') return `$${String(any.name)}`;
      return any.kind;
    };
    const [statement] = statements(text);
    const element = statement?.kind === 'pipeline' ? statement.elements[0] : undefined;
    return element?.kind === 'expressionCommand' ? show(element.expression) : 'no expression';
  };

  test.each([
    ['1 + 2 * 3', '(1 + (2 * 3))'],
    ['1..3 + 4', '((1 .. 3) + 4)'],
    ['1, 2 + 3', '([1 2] + 3)'],
    ['-not $a -and $b', '((not $a) and $b)'],
    ['$a -eq 1 -or $b -ne 2', '(($a eq 1) or ($b ne 2))'],
    ['$a -band 1 -eq 1', '($a band (1 eq 1))'],
    ['-join $a, $b', '[(join $a) $b]'],
    ['$a -split $b, 2', '($a split [$b 2])'],
  ])('%s binds as %s', (text, tree) => {
    expect(expression(text)).toBe(tree);
  });

  test('generic types, arrays of types and assemblies are read', () => {
    const type = parseTypeName('Collections.Generic.Dictionary[string, Collections.Generic.List[int[]]]');
    expect(type.arguments.map(({ name }) => name)).toEqual(['string', 'Collections.Generic.List']);
    expect(type.arguments[1]?.arguments[0]?.ranks).toEqual([1]);
    expect(statements('[System.Uri, System]$x')).toHaveLength(1);
  });

  test('expandable strings hold their expressions', () => {
    const [statement] = statements('"a $b.c $($d.e) ${f g}`$h"');
    const element = statement?.kind === 'pipeline' ? statement.elements[0] : undefined;
    const string = element?.kind === 'expressionCommand' ? element.expression : undefined;
    expect(
      string?.kind === 'expandable' && string.parts.map((part) => (typeof part === 'string' ? part : part.kind)),
    ).toEqual(['a ', 'variable', '.c ', 'subExpression', ' ', 'variable', '$h']);
  });
});

describe('positions', () => {
  test('every node knows its text', () => {
    const { source, body } = parseScript('$a = 1\r\nif ($a) {\r\n  Get-Item C:\\x -Force | Out-Null\r\n}');
    const condition = body.finish?.statements[1];
    const inner = condition?.kind === 'if' ? condition.clauses[0]?.block.statements[0] : undefined;
    if (!inner) throw new Error('a statement inside the block was expected');
    expect(textOf(source, inner)).toBe('Get-Item C:\\x -Force | Out-Null');
    expect(placeOf(source, inner.start)).toEqual({ line: 3, column: 3 });
  });
});

describe('faults', () => {
  test.each([
    ['if ($a) {\n  1', 'MissingEndCurlyBrace', 1],
    ['$x = (1 + 2', 'MissingEndParenthesisInExpression', 1],
    ['"abc', 'TerminatorExpectedAtEndOfString', 1],
    ['try { 1 }', 'MissingCatchOrFinally', 1],
    ['@{ a = 1; A = 2 }', 'DuplicateKeyInHashLiteral', 1],
    ['1 |', 'EmptyPipeElement', 1],
    ['$a\n1 = 2', 'InvalidLeftHandSide', 2],
    ['"$a:b c"; "$a: x"', 'InvalidVariableReferenceWithDrive', 1],
    ['function { }', 'MissingNameAfterKeyword', 1],
  ])('%j is %s', (text, id, line) => {
    const fault = faultOf(text);
    expect([fault.id, placeOf(fault.source, fault.offset).line]).toEqual([id, line]);
    expect(fault.message).toMatch(/^test\.ps1:\d+:\d+: /);
  });

  test.each([
    ['$a ? 1 : 2', '?:'],
    ['$a ?? 1', '??'],
    ['$a ??= 1', '??='],
    ['a && b', '&&'],
    ['a || b', '||'],
    ['${a}?.b', '?.'],
    ['a &', 'background'],
    ['1\n| a', "begins with '|'"],
  ])('%j is refused as PowerShell 7 syntax', (text, construct) => {
    const fault = faultOf(text);
    expect(fault.id).toBe('powershell-7-syntax');
    expect(fault.reason).toContain(construct);
  });

  test('absurd nesting is a fault, not a crash', () => {
    expect(faultOf(`${'('.repeat(5000)}1${')'.repeat(5000)}`).id).toBe('ScriptTooComplicated');
  });
});
