import { describe, expect, test } from 'vitest';
import { lintRules } from '../../../src/lint/rules.ts';
import { lintExample } from './lint-example.ts';

test('every rule has an id of its own, texts in both languages, and a place for what was found', () => {
  expect(new Set(lintRules.map(({ id }) => id)).size).toBe(lintRules.length);
  expect(lintRules.length).toBeGreaterThan(20);
  for (const { id, title, message, remedy } of lintRules) {
    for (const text of [title, message, remedy]) expect(text.ja, id).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
    expect(
      [message.en, message.ja].map((text) => text.split('{}').length),
      id,
    ).toEqual([2, 2]);
  }
});

describe.each(lintRules)('$id', (rule) => {
  test('finds its bad example, and no other rule does', () => {
    const findings = lintExample(rule.bad).filter(({ allowed }) => allowed === null);
    expect(findings.length).toBeGreaterThan(0);
    // A comment that allows nothing lets what it was meant for stand.
    const others = findings.filter((each) => each.rule !== rule.id && rule.id !== 'allow-comment');
    expect(others).toEqual([]);
    expect(findings.some((each) => each.rule === rule.id)).toBe(true);
    for (const { message } of findings) expect(message.en + message.ja).not.toContain('{}');
  });

  test('leaves its good example alone', () => {
    expect(lintExample(rule.good).filter(({ allowed }) => allowed === null)).toEqual([]);
  });
});
