import { describe, expect, test } from 'vitest';
import { parseScript } from '../../../src/powershell/parse-script.ts';
import { SyntaxFault } from '../../../src/powershell/source.ts';
import { nodesOf } from '../../../src/powershell/walk.ts';
import { faultOf, statements } from './read-statements.ts';

describe('words', () => {
  const firstOf = (text: string) => {
    const [statement] = statements(text);
    if (statement?.kind !== 'pipeline') return statement?.kind;
    const [element] = statement.elements;
    if (element?.kind !== 'command') return element?.kind;
    const spans = [element.name, ...element.elements];
    return [...spans.map(({ start, end }) => text.slice(start, end)), element.redirections.length];
  };

  // A word goes on to the next blank or bracket, so what stands in it is no keyword, no operator and no redirection.
  test.each([
    ['return$true', ['return$true', 0]],
    ['if.(1){2}', ['if.', '(1)', '{2}', 0]],
    ['foo a>b', ['foo', 'a>b', 0]],
    ['foo $x>b', ['foo', '$x>b', 0]],
    ['foo 12>b', ['foo', '12>b', 0]],
    ['foo "a">b', ['foo', '"a"', 1]],
    ['foo 3>b', ['foo', 1]],
    ['foo @$x', ['foo', '@$x', 0]],
    ['!foo', ['!foo', 0]],
    ['-1a', ['-1a', 0]],
    ['!$x', 'expressionCommand'],
    ['1 -eq2', 'expressionCommand'],
    ['-not1', 'expressionCommand'],
    [',$a = 5', 'assignment'],
  ])('%s', (text, read) => {
    expect(firstOf(text)).toEqual(read);
  });

  test.each([
    ['try { 1 } catch[Exception] { 2 }', 'MissingCatchOrFinally'],
    ['begin\n1', 'MissingNamedStatementBlock'],
    ['$a.b(1,,2)', 'MissingExpressionAfterToken'],
    ['using namespace A B', 'MissingStatementTerminator'],
    ['1; using namespace A', 'UsingMustBeAtStartOfScript'],
    ['${a{b}', 'OpenBraceNeedsToBeBackTickedInVariableName'],
    ['$x = from', 'ReservedKeywordNotAllowed'],
    ['class', 'MissingNameAfterKeyword'],
    ['parallel { 1 }', 'UnexpectedKeyword'],
    ['enum A { B = 1 C = 2 }', 'MissingPropertyTerminator'],
    ['foo @x.y', 'SplattingNotPermitted'],
    ['a `', 'IncompleteString'],
    ['.', 'MissingExpression'],
  ])('%s is %s', (text, id) => {
    expect(faultOf(text).id).toBe(id);
  });
});

describe('an expression in a string', () => {
  // What PowerShell takes for the expression's text is found before it is read: quotes are counted by twos, parentheses wherever they stand.
  test.each([
    ['"a$(`"b`")c"', '"b"'],
    ['"$(if ($a -ne `"`") { 1 })"', '""'],
    ['"q$(@"\n""a`"\n"@)"', '"a"'],
    ['"a$(\'""\')b"', "'\"'"],
  ])('%s holds quotes behind backticks or other quotes', (text) => {
    expect(() => parseScript(text)).not.toThrow();
  });

  test('has the places of the script', () => {
    const text = '"$($a + `"b`" + $c)"; $d';
    const names = [...nodesOf(parseScript(text).body)].flatMap((node) =>
      node.kind === 'variable' || node.kind === 'string' ? [text.slice(node.start, node.end)] : [],
    );
    expect(names).toEqual(['$a', '`"b`"', '$c', '$d']);
  });

  test('tells a fault at its place in the script', () => {
    const text = '$a\n"x $(`"b`" + )"';
    const { source, offset } = faultOf(text);
    expect([source.text, offset]).toEqual([text, text.indexOf(')')]);
  });

  test.each(['"x$(if ($a -eq "") { 1 })"', '"$(")")"', '"a$("b""c")d"', '"$("(")"', '"a$(# )\n1)"'])(
    '%s is a fault, as in PowerShell',
    (text) => {
      expect(() => parseScript(text)).toThrow(SyntaxFault);
    },
  );
});
