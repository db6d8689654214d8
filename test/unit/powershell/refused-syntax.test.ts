import { expect, test } from 'vitest';
import { parseScript } from '../../../src/powershell/parse-script.ts';
import { SyntaxFault } from '../../../src/powershell/source.ts';

const idOf = (text: string): string => {
  try {
    parseScript(text);
  } catch (error) {
    if (error instanceof SyntaxFault) return error.id;
    throw error;
  }
  return '';
};

test.each([
  ['@{ re-boot = 1 }', 'MissingEqualsInHashLiteral'],
  ['@{ a.b = 1 }', 'MissingEqualsInHashLiteral'],
  ["@{ 'a'+'b' = 1 }.ab", 'MissingEqualsInHashLiteral'],
  ['function f { param($A, $A) }', 'DuplicateFormalParameter'],
  ['function f($A, $a) { }', 'DuplicateFormalParameter'],
  ['class C { M($a,$A) {} }', 'DuplicateFormalParameter'],
  ['try {} catch {} catch [System.Exception] {}', 'EmptyCatchNotLast'],
  ['switch (1) { default {1} default {2} }', 'MultipleSwitchDefaultClauses'],
  ['switch (1) { }', 'MissingSwitchConditionExpression'],
  ['cmd @a, b', 'SplattingNotPermittedInArgumentList'],
  ['cmd b,@a', 'SplattingNotPermittedInArgumentList'],
  ['cmd -x:@a', 'SplattingNotPermitted'],
  ['${a}?1:2', 'powershell-7-syntax'],
  ['@x = 1', 'SplattingNotPermitted'],
  ['$a = @x', 'SplattingNotPermitted'],
  ['@', 'UnrecognizedToken'],
  ['$c = @{}@{}', 'UnexpectedToken'],
  ['1 | 3', 'ExpressionsMustBeFirstInPipeline'],
  ['1 | { 2 }', 'ExpressionsMustBeFirstInPipeline'],
  ['1 | [int]', 'ExpressionsMustBeFirstInPipeline'],
  ['1 | ,1', 'ExpressionsMustBeFirstInPipeline'],
  ['[ordered]{ 1 }', 'OrderedAttributeOnlyOnHashLiteralNode'],
  ['[CmdletBinding()] 1', 'UnexpectedAttribute'],
  ['[CmdletBinding()]', 'UnexpectedAttribute'],
  ['function f { param([Parameter(Mandatory = $x)]$a) }', 'ParameterAttributeArgumentNeedsToBeConstantOrScriptBlock'],
  ["function f { param([ValidateSet('a', $x)]$a) }", 'ParameterAttributeArgumentNeedsToBeConstantOrScriptBlock'],
  ['foreach ($k in$h) {}', 'MissingInInForeach'],
  ['"line${2"', 'IncompleteDollarVariableReference'],
  ['using namespace $K', 'InvalidValueForUsingItemName'],
  ['1,2,3.Count', 'MissingExpressionAfterToken'],
])('%j is refused with the id that PowerShell gives: %s', (text, id) => {
  expect(idOf(text)).toBe(id);
});

test.each([
  '@{ if = 2 }.if',
  '@{ (1+1) = 2 }.Keys',
  "[ValidateSet('a')][string]$x = 'a'; $x",
  '[Parameter()]$x = 1',
  '1 | %{ $_ }',
  '1 | & { 2 }',
  'function f { param([ValidateScript({ $_ })]$a) } 1',
  'function f { param([Parameter(Position = -1)]$a) } 1',
  'function f { param($A) function g { param($A) } } 1',
  'switch (1) { default {1} 2 {3} }',
  // a line's end stands for a semicolon in the head of a loop
  'for($i=0\n$i -lt 3\n$i++){}',
  'for(\n$i=0\n\n$i -lt 3\n$i++\n){}',
  'for(;\n;){}',
  // a variable of a drive, for a name may have question marks
  '$a?1:2',
  '$args = 1,2; Write-Output @args',
])('%j is no fault', (text) => {
  expect(parseScript(text).body.finish?.statements.length).toBeGreaterThan(0);
});
