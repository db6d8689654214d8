import { describe, expect, test } from 'vitest';
import { takeSpent } from '../../../../../src/lab/evaluator/limit.ts';
import { findMatch, isNative } from '../../../../../src/lab/evaluator/matching/find-match.ts';
import { neededText } from '../../../../../src/lab/evaluator/matching/regex-cost.ts';
import { readRegexTree } from '../../../../../src/lab/evaluator/matching/regex-tree.ts';
import { labMachine, outputOf } from '../../windows/run-script.ts';

const line = '2026-11-26 10:15:03, Info                  CBS    Session: 31145271_3920843 initialized by client X.\n';

describe('a search in a long log', () => {
  test.each([
    [/.*error.*/gi, 600],
    [/.*0x8[0-9a-f]{7}.*/gi, 2_400],
    [/(\w+)\s*=\s*(.*)/gi, 4_000],
    [/\s+$/g, 11_000],
  ])('%s is left to the native engine, for its lines are short', (pattern, lines) => {
    expect(isNative(pattern, line.repeat(lines))).toBe(true);
  });

  test.each([/.*error.*/g, /(\w+)\s*=\s*(.*)x/g, /(a+)+$/g, /(.*)\1x/g])(
    '%s is not where a run is as long as the text',
    (pattern) => {
      expect(isNative(pattern, 'a'.repeat(60_000))).toBe(false);
    },
  );

  test('of a pattern with several runs is done by the matcher that counts', () => {
    const text = `${line.repeat(4_000)}10:15 Error last`;
    const pattern = /(\d+):(\d+).*(Info|Error)\s+last/g;
    expect(isNative(pattern, text)).toBe(false);
    expect(findMatch(pattern, text, 0)?.[3]).toBe('Error');
    takeSpent();
  });

  test('ends at once where the text lacks what every match has', async () => {
    const script = `$t = 'a' * 200000; $t -match '.*error.*'; $t -match '(a+)+=$'; ($t + 'ERROR') -match 'error'`;
    expect(await outputOf(labMachine(), script)).toEqual([false, false, true]);
  });
});

test('what every match has is the longest text without choice', () => {
  const needed = (pattern: RegExp): unknown => neededText(readRegexTree(pattern).root);
  expect(needed(/ab+cde\d/g)).toEqual({ text: 'cde', ignoreCase: false });
  expect(needed(/.*ERROR: /gi)).toEqual({ text: 'error: ', ignoreCase: true });
  expect(needed(/a|b/g)).toBeUndefined();
  expect(needed(/Sk/gi)).toBeUndefined();
  expect(needed(/x?y/g)).toEqual({ text: 'y', ignoreCase: false });
  expect(needed(/a\.b\d/g)).toEqual({ text: 'a.b', ignoreCase: false });
});
