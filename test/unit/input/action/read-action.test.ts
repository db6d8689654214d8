import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readAction } from '../../../../src/input/action/read-action.ts';
import { library, places, valueOf } from '../fixture-library.ts';

const actions = `${places.shippedDir}/actions`;

test('an action is read with its defaults, lanes, durations and scripts', () => {
  const action = valueOf(readAction(`${actions}/demo/set-value`));
  expect(action).toMatchObject({
    id: 'demo/set-value',
    kind: 'change',
    description: { en: 'Writes one value.' },
    lanes: { detect: 'inline', apply: 'system', verify: 'system', undo: 'system' },
    typicalMs: 60_000,
    longestMs: 300_000,
    risk: 'medium',
    reboot: 'possible',
    interruptible: true,
    irreversible: { en: 'The old value is not kept' },
    targets: { os: { client: '>=10240', server: '>=14393' } },
  });
  expect(Object.keys(action.scripts).toSorted()).toEqual(['apply', 'detect', 'verify']);
});

test('scripts come without a byte order mark and with plain line ends', () => {
  const { scripts } = valueOf(readAction(`${actions}/demo/set-value`));
  expect(scripts.detect?.startsWith('<#\n')).toBe(true);
  expect(scripts.verify).not.toContain('\r');
});

test('an action with verify.ps1 alone is a check', () => {
  expect(valueOf(readAction(`${actions}/demo/look`))).toMatchObject({
    kind: 'check',
    risk: 'low',
    reboot: 'never',
    irreversible: null,
  });
});

test('an action asks for the protection level of its risk, or for more; for less only with a reason', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-action-'));
  const asked = (from: string, lines: string) => {
    cpSync(`${actions}/demo/${from}`, folder, { recursive: true });
    const text = readFileSync(join(folder, 'action.yaml'), 'utf8').replace(/^risk: .*\n/m, '');
    writeFileSync(join(folder, 'action.yaml'), `${text.trimEnd()}\n${lines}`);
    const read = readAction(folder);
    return read.ok ? read.value.protect : read.faults.map(({ message, expected }) => [message, expected]);
  };
  try {
    expect(asked('set-value', '')).toBe('L2');
    expect(asked('set-value', 'risk: medium\n')).toBe('L3');
    expect(asked('set-value', 'risk: high\n')).toBe('L4');
    expect(asked('set-value', 'risk: low\nprotect: L4\n')).toBe('L4');
    expect(asked('set-value', 'risk: high\nprotect: L3\n')).toEqual([
      ['`risk: high` asks for L4; L3 is less and no reason is given', 'L4 or more, or `protectReason: { en: … }`'],
    ]);
    expect(asked('set-value', 'risk: high\nprotect: L3\nprotectReason: { en: It is put back }\n')).toBe('L3');
    expect(asked('set-value', 'risk: low\nprotectReason: { en: It is put back }\n')).toEqual([
      ['a reason is given, but no less protection than L2', null],
    ]);
    rmSync(folder, { recursive: true });
    expect(asked('look', 'protect: L3\n')).toEqual([['a check changes nothing that asks for protection', null]]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a change without a proof, durations the wrong way round and an unknown name in touches are told at once', () => {
  const read = readAction(`${actions}/broken/no-verify`);
  const messages = read.ok ? [] : read.faults.map(({ file, message }) => `${file.split('/').at(-1)}: ${message}`);
  expect(messages).toEqual([
    'verify.ps1: the script is missing',
    'action.yaml: no parameter `nothing` is declared',
    'action.yaml: the longest duration (30s) is less than the typical one (1m)',
  ]);
});

test('odd scripts and odd parameters are told at once', () => {
  const read = readAction(`${actions}/broken/odd-script`);
  const messages = read.ok
    ? []
    : read.faults.map(({ message, suggestion }) => `${message}${suggestion === null ? '' : ` (${suggestion})`}`);
  expect(messages).toEqual([
    'no action has a script of this name (did you mean `verify.ps1`?)',
    'the default does not fit: this is a text, expected a whole number',
    expect.stringMatching(/^this is no regular expression: /),
    '`A` and `a` are the same name to PowerShell',
    'a secret has no default',
    '`minimum` is for numbers, this is a text',
  ]);
});

test('a folder without action.yaml is told', () => {
  const read = readAction(`${actions}/demo/nothing`);
  expect(read.ok ? null : read.faults[0]?.message).toBe('the action has no action.yaml');
});

test('the library knows all actions and reads each once', () => {
  expect(library.ids()).toEqual([
    'broken/no-verify',
    'broken/odd-script',
    'demo/look',
    'demo/set-value',
    'demo/sign-in',
    'later/sign-in',
  ]);
  expect(library.get('demo/look')).toBe(library.get('demo/look'));
  const unknown = library.get('demo/lok');
  expect(unknown.ok ? null : unknown.faults[0]?.suggestion).toBe('did you mean `demo/look`?');
});

test('an undo.ps1, which nobody would run, is a fault that names what is run instead', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-action-'));
  try {
    cpSync(`${actions}/demo/set-value`, join(folder, 'demo/set-value'), { recursive: true });
    writeFileSync(join(folder, 'demo/set-value/undo.ps1'), '@{}');
    const read = readAction(join(folder, 'demo/set-value'));
    expect(read.ok ? [] : read.faults).toMatchObject([
      {
        message: 'a script of its own for the undo is not run yet',
        expected: expect.stringContaining('`Invoke-KtProgram -UndoFile`'),
      },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
