import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { InputFault } from '../../../../src/input/document/fault.ts';
import { readDocument } from '../../../../src/input/document/read-document.ts';
import { shownLine } from '../../../../src/input/document/source-document.ts';

function faultsOf(content: string | Uint8Array, options = {}): readonly InputFault[] {
  const read = readDocument(content, 'x.yaml', options);
  return read.ok ? [] : read.faults;
}

const place = ({ line, column, message }: InputFault) => `${line}:${column} ${message}`;

test.each([
  ['a tab that indents', 'a:\n\tb: 1\n', '2:1 a tab is used to indent'],
  ['a key that is there twice', 'a: 1\nb: 2\na: 3\n', '3:1 the key `a` is there twice'],
  ['a second document', 'a: 1\n---\nb: 1\n', '2:1 a second document begins here'],
  ['a key that is a list', '? [a]\n: 1\n', '1:3 a key must be a plain text'],
  ['an unknown tag', 'a: !run x\n', '1:4 unknown tag or value: Unresolved tag: !run'],
  ['an infinite number', 'a: .inf\n', '1:4 this number is too large to be kept exactly'],
  [
    'a number that would be rounded',
    'a:\n  - 1\n  - 12345678901234567890\n',
    '3:5 this number is too large to be kept exactly',
  ],
  ['an alias that contains itself', 'a: 1\nb: &x [*x]\n', '2:7 lists and maps lie too deep in one another'],
  ['a control character', 'a: 1\nb: x\u0007y\n', '2:5 control character U+0007; this is not a text file'],
  [
    'bytes that are not UTF-8',
    Uint8Array.from([97, 58, 32, 10, 98, 58, 32, 0x82, 0xa0, 10]),
    '2:4 these bytes are not UTF-8',
  ],
  ['UTF-16', Uint8Array.from([0xff, 0xfe, 97, 0]), '1:1 the file is UTF-16'],
])('%s is told with its place', (_, content, expected) => {
  expect(faultsOf(content).map(place)).toContain(expected);
});

test('an alias bomb is refused before it is built', () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 12; level++) {
    const uses = Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ');
    lines.push(`a${level}: &a${level} [${uses}]`);
  }
  const faults = faultsOf(lines.join('\n'));
  expect(faults.map(({ message }) => message)).toEqual([
    'aliases stand for more than the file may hold, or for themselves',
  ]);
  expect(faults[0]?.line).toBe(2);
});

test('a few aliases are fine', () => {
  const read = readDocument('a: &x { b: 1 }\nc: *x\n', 'x.yaml');
  expect(read).toMatchObject({ ok: true, value: { value: { a: { b: 1 }, c: { b: 1 } } } });
});

test('nesting that would overflow the stack is one fault', () => {
  expect(faultsOf('['.repeat(100_000))).toHaveLength(1);
  expect(faultsOf(`a: ${'['.repeat(60)}${']'.repeat(60)}`).map(place)).toEqual([
    '1:4 lists and maps lie too deep in one another',
  ]);
});

test('a file beyond the limit is not parsed', () => {
  expect(faultsOf('a: 123456789', { maxBytes: 5 })[0]?.message).toBe('the file has 12 bytes; the limit is 5');
});

test('a byte order mark and line ends of Windows are taken as they are', () => {
  const read = readDocument('\ufeffa: 1\r\nb: x\r\n', 'x.yaml');
  expect(read).toMatchObject({ ok: true, value: { value: { a: 1, b: 'x' } } });
});

test('an empty file is told', () => expect(faultsOf('# nothing\n')[0]?.message).toBe('the file is empty'));

test('all faults of the syntax are told at once', () => {
  expect(faultsOf('a: 1\na: 2\nb: !x 1\nc: !y 2\n').map(({ line }) => line)).toEqual([2, 3, 4]);
});

test.each<[string, string, readonly string[]]>([
  ['a bracket', 'a: 1\nb: { c: 1\nd: 2\n', ['2:4 this { is not closed']],
  ['the innermost of several', 'a: [\n  {x: 1},\n  {y: 2\n]\nb: 2\n', ['3:3 this { is not closed']],
  ['one that another kind closes', 'a: { b: [1, 2 }\nc: 1\n', ['1:9 this [ is not closed']],
  ['a quote', 'a: { b: "x }\nc: 2\n', ['1:9 this " is not closed']],
  [
    'with what is wrong before it',
    'a: 1\n\tb: 2\nc: [1\n',
    ['2:1 a tab is used to indent', '3:4 this [ is not closed'],
  ],
  ['what closes nothing', 'a: {b: 1}}\n', ['1:10 this } closes nothing']],
])('what is not closed is told where it opens: %s', (_, text, expected) => {
  expect(faultsOf(text).map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual(expected);
});

test('a fault in a file with secrets shows no value', () => {
  const faults = faultsOf('credentials:\n  password: "hunter2-canary\n', { sensitive: true });
  expect(faults.length).toBeGreaterThan(0);
  expect(JSON.stringify(faults)).not.toContain('canary');
  const twice = faultsOf('password: canary1\npassword: canary2\n', { sensitive: true });
  expect(JSON.stringify(twice)).not.toContain('canary');
  expect(twice[0]?.text).toBe('password: [not shown]');
});

test('lines of such a file that hold no secret are shown', () => {
  const lines = ['credential: lab', '- password: env:KT_PASSWORD', 'credentials:', 'password: file:/run/secrets/kt'];
  for (const line of lines) expect(shownLine(line, true)).toBe(line);
  const hidden = [
    'password: env',
    'credential: lab, password: x',
    'x: { password: env:A }',
    'token: env:A x',
    '"pass": env:A',
  ];
  for (const line of hidden) expect(shownLine(line, true)).toMatch(/\[not shown\]$/);
});

test('whatever comes in, reading ends with a value or with faults', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.uint8Array(), fc.stringMatching(/^[\s{}[\]:,&*!|>'"%@`#?a-c-]*$/)),
      (content) => {
        const read = readDocument(content, 'x.yaml');
        if (!read.ok) expect(read.faults.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 500 },
  );
});

test('every JSON document is a document', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), (value) => {
      const text = JSON.stringify(value).replace(/[\u007f-\u009f\ufeff]/g, '');
      const read = readDocument(text, 'x.yaml');
      if (read.ok) expect(JSON.parse(JSON.stringify(read.value.value))).toEqual(JSON.parse(text));
      else expect(text).toMatch(/\\u00|"<<"|__proto__|[^\x20-\x7e]/);
    }),
  );
});
