import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parseLedger } from '../../../../src/remote/powershell/ledger-text.ts';

/** Written by the kit under PowerShell 7.6. */
const text = await readFile(new URL('../../../fixtures/host-kit/ledger.jsonl', import.meta.url), 'utf8');
const lines = text.trimEnd().split('\n');

it('a ledger that the kit wrote is read with its chain', () => {
  const ledger = parseLedger(text);
  expect(ledger).toMatchObject({ exists: true, tornTail: false, broken: false });
  expect(ledger.records).toHaveLength(lines.length);
  expect(new Set(ledger.records.map(({ kind }) => kind))).toEqual(
    new Set(['claim', 'intent', 'before', 'outcome', 'undone', 'released']),
  );
});

it('I1: every change has its record before, and every undone names one', () => {
  const { records } = parseLedger(text);
  const befores = new Set(records.filter(({ kind }) => kind === 'before').map(({ seq }) => seq));
  const undone = records.filter(({ kind }) => kind === 'undone').map(({ data }) => data['of']);
  expect(undone.length).toBeGreaterThan(0);
  expect(undone.every((of) => typeof of === 'number' && befores.has(of))).toBe(true);
});

it('a torn last line is left out at whatever byte it was cut', () => {
  const whole = `${lines.slice(0, 3).join('\n')}\n`;
  const last = lines[3] ?? '';
  for (let cut = 1; cut <= last.length; cut++) {
    const ledger = parseLedger(whole + last.slice(0, cut));
    expect(ledger).toMatchObject({ tornTail: true, broken: false });
    expect(ledger.records).toHaveLength(3);
  }
});

it('I10: a record that was changed, removed or moved breaks the chain there', () => {
  const edited = lines.with(2, (lines[2] ?? '').replace('Running', 'Stopped'));
  const removed = lines.toSpliced(4, 1);
  const moved = lines.with(5, lines[6] ?? '').with(6, lines[5] ?? '');
  const reading = [edited, removed, moved].map((changed) => parseLedger(`${changed.join('\n')}\n`));
  expect(reading.map(({ broken }) => broken)).toEqual([true, true, true]);
  expect(reading.map(({ records }) => records.length)).toEqual([2, 4, 5]);
});

it('an empty file is a ledger without records', () => {
  expect(parseLedger('')).toEqual({ exists: true, records: [], tornTail: false, broken: false });
});
