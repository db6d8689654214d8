import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { resolveSecret } from '../../../../src/input/inventory/secret-reference.ts';
import { Failure } from '../../../../src/kernel/failure.ts';

const folder = mkdtempSync(join(tmpdir(), 'kintsugi-secret-'));
afterAll(() => rmSync(folder, { recursive: true }));
const environment = { KT: 'from environment', EMPTY: '' };

function failureOf(reference: string): Failure {
  try {
    resolveSecret(reference, { environment, folder });
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('expected a failure');
}

test('a secret comes from the environment or from a file, without its last line end', () => {
  writeFileSync(join(folder, 'one'), 'from file \n\n');
  expect(resolveSecret('env:KT', { environment, folder }).reveal()).toBe('from environment');
  expect(resolveSecret('file:one', { environment, folder }).reveal()).toBe('from file \n');
  expect(resolveSecret(`file:${folder}/one`, { environment, folder: '/' }).reveal()).toBe('from file \n');
});

test.each(['env:NONE', 'env:EMPTY', 'file:none', 'hunter2-canary', '', 'env:', 'http:x'])(
  '%j leads nowhere',
  (reference) => {
    const failure = failureOf(reference);
    expect(failure.code).toBe('secret-missing');
    expect(inspect(failure)).not.toContain('canary');
  },
);

test('an empty file is told', () => {
  writeFileSync(join(folder, 'empty'), '\n');
  expect(failureOf('file:empty').message).toContain('empty');
});
