import { expect, test } from 'vitest';
import { takeSpent } from '../../../../../src/lab/evaluator/limit.ts';
import { regexCost } from '../../../../../src/lab/evaluator/matching/regex-cost.ts';
import { compileRegex } from '../../../../../src/lab/evaluator/matching/regex-program.ts';
import { readRegexTree } from '../../../../../src/lab/evaluator/matching/regex-tree.ts';
import { runRegex } from '../../../../../src/lab/evaluator/matching/run-regex.ts';

const patterns = [
  /(a+)+b/g,
  /(?:a|ab)*?c/gi,
  /(?<![\s\S])(\d{1,3}\.){3}\d{1,3}(?![\s\S])/g,
  /(?<year>\d+)-(?<rest>.*?)(?=;|(?![\s\S]))/g,
  /(?<=\$)(\d+)\b/g,
  /(?<!\d)(\w)\1+/gi,
  /"([^"\\]|\\.)*"/g,
  /(?:(?i:key)|Value)\s*=\s*(\S*)/g,
  /x{2,4}?y|x{3}/g,
  /(a*)*(?![\s\S])/g,
  /\bfoo\B/g,
  /((a)|(b))+/g,
  /[\w-]+@[a-z.]{2,}/gi,
];

const texts = [
  '',
  'aaab aab b',
  'ABABAC abababx',
  '10.0.12.255',
  '2026-11-27;x 7-',
  'costs $42 and $7x',
  'xx YyY 11 a1122',
  'say "a \\" b" and "c"',
  'KEY = 5; key=; Value= v',
  'xxxxy xxx xy',
  'food foo fooo',
  'me-too@Example.org',
  'aéb\nc\r\nd',
];

test('the matcher of our own finds what the native engine finds', () => {
  let found = 0;
  for (const pattern of patterns) {
    const program = compileRegex(readRegexTree(pattern));
    for (const text of texts) {
      for (let from = 0; from <= text.length; from += 3) {
        pattern.lastIndex = from;
        const native = pattern.exec(text);
        const own = runRegex(program, text, from);
        expect(own && [own.index, own[0]], `${pattern} on '${text}' from ${from}`).toEqual(
          native && [native.index, native[0]],
        );
        if (native) found++;
      }
    }
  }
  takeSpent();
  expect(found).toBeGreaterThan(60);
});

test('groups keep what they captured last, as .NET has it', () => {
  const match = runRegex(compileRegex(readRegexTree(/((a)|(b))+(c)?/g)), 'xab', 0);
  expect(match && [...match]).toEqual(['ab', 'b', 'a', 'b', undefined]);
});

test('usual expressions stay with the native engine, and those that can explode do not', () => {
  const explodes = (pattern: RegExp): boolean => regexCost(readRegexTree(pattern).root).explodes;
  expect([/(a+)+$/, /(a|a)*b/, /(\w+\s?)*x/, /(.*,)*y/, /((ab?)*c?)*d/].map(explodes)).toEqual(Array(5).fill(true));
  const usual = [/(\w+\.)+\w+/, /(?:[^,"]|"[^"]*")*/, /(\d{1,3}\.){3}\d+/, /\s*(\w+)\s*=\s*(.*)/, /(\\[^\\]+)+/];
  expect(usual.map(explodes)).toEqual(Array(5).fill(false));
  const power = (pattern: RegExp): number => {
    const { runs, scans } = regexCost(readRegexTree(pattern).root);
    return runs.length + (scans.length > 0 ? 1 : 0);
  };
  expect([/x/, /KB\d+/, /\s+/, /foo.*bar/, /a.*b.*c/, /\w+=x/].map(power)).toEqual([1, 1, 1, 2, 3, 2]);
});
