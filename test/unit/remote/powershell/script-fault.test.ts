import { expect, test } from 'vitest';
import { lineInScript } from '../../../../src/remote/powershell/script-fault.ts';

const outside = ['at Invoke-KtBody, <No file>: line 12', 'at <ScriptBlock>, <No file>: line 1'];
const text = 'function Wait-It {}; filter script:A { }; class C { [int] F() { return 1 } }; function B($x) {}';
const lineOf = (...inside: readonly string[]) => lineInScript([...inside, ...outside].join('\r\n'), text);

test('the line of a stack trace is the innermost one of the script itself, in its functions and blocks, too', () => {
  const call = 'at <ScriptBlock>, <No file>: line 8';
  expect(lineOf(call)).toBe(8);
  expect(lineOf('at Wait-It<Process>, <No file>: line 5', call)).toBe(5);
  expect(lineOf('at <ScriptBlock>, <No file>: line 3', 'at Wait-It, <No file>: line 5', call)).toBe(3);
  expect(lineOf('at Wait-It, <No file>: line 5', 'at <ScriptBlock><End>, <No file>: line 8')).toBe(5);
});

test('what the script calls is none of its lines: functions of the kit and of modules, and what they call', () => {
  const call = 'at A, <No file>: line 8';
  const script = 'at <ScriptBlock>, <No file>: line 20';
  expect(lineOf('at <ScriptBlock>, <No file>: line 900', 'at Set-KtService, <No file>: line 901', call, script)).toBe(
    8,
  );
  expect(lineOf('at Set-It<Process>, C:\\m\\it.psm1: line 90', call, script)).toBe(8);
});

test('functions without a file that others define are none of its lines, nor are the texts that it runs', () => {
  const call = 'at <ScriptBlock>, <No file>: line 4';
  expect(lineOf('at Get-NetAdapter<Process>, <No file>: line 700', call)).toBe(4);
  expect(lineOf('at <ScriptBlock>, <No file>: line 2', 'at mkdir<Process>, <No file>: line 36', call)).toBe(4);
  expect(lineOf('at F, <No file>: line 2', call)).toBe(2);
  const stack = ['at <ScriptBlock>, <No file>: line 1', call, ...outside].join('\n');
  expect(lineInScript(stack, '& { 1/0 }')).toBe(1);
  expect(lineInScript(stack, 'iex "1/0"')).toBe(4);
});

test('the words of a stack trace may be of any language', () => {
  const frames = ['bei B, <Keine Datei>: Zeile 3', 'bei M, C:\\m.psm1: Zeile 90', 'bei A, <Keine Datei>: Zeile 4'];
  const script = ['bei <ScriptBlock>, <Keine Datei>: Zeile 7', 'bei Invoke-KtBody, C:\\kit.psm1: Zeile 12'];
  expect(lineInScript([...frames, ...script].join('\n'), text)).toBe(4);
});

test('without a frame of the script, or without the frame that runs it, there is no line', () => {
  expect(lineOf()).toBeNull();
  expect(lineInScript('at A, <No file>: line 3', text)).toBeNull();
  expect(lineInScript(undefined, text)).toBeNull();
});
