import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readDocumentFile } from '../../../../src/input/document/read-file.ts';
import { faultLines, valueOf } from '../fixture-library.ts';

const folder = mkdtempSync(join(tmpdir(), 'kintsugi-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a file is read', () => {
  writeFileSync(join(folder, 'a.yaml'), 'a: 1\n');
  expect(valueOf(readDocumentFile(join(folder, 'a.yaml'))).value).toEqual({ a: 1 });
});

test('a missing file, a folder and an enormous file are told; the last one is not read', () => {
  expect(faultLines(readDocumentFile(join(folder, 'none')))).toEqual(['-:- there is no such file']);
  expect(faultLines(readDocumentFile(folder))).toEqual(['-:- this is a folder']);
  writeFileSync(join(folder, 'big.yaml'), '');
  truncateSync(join(folder, 'big.yaml'), 8 * 1024 ** 3);
  expect(faultLines(readDocumentFile(join(folder, 'big.yaml')))).toEqual([
    '-:- the file has 8589934592 bytes; the limit is 1048576',
  ]);
});

test('a path that cannot be looked at is told', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(faultLines(readDocumentFile(join(folder, 'file', 'below')))).toHaveLength(1);
});
