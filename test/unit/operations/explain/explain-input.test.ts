import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { listPlaybooks } from '../../../../src/input/playbook/find-playbook.ts';
import { codeKnowledge } from '../../../../src/knowledge/code-knowledge.ts';
import { explainInput, playbookFinder } from '../../../../src/operations/explain/explain-input.ts';
import { places } from '../../playbooks/shipped.ts';

const projectDir = mkdtempSync(join(tmpdir(), 'kintsugi-explain-'));
afterAll(() => rmSync(projectDir, { recursive: true, force: true }));
mkdirSync(join(projectDir, 'folder'));
writeFileSync(join(projectDir, 'error.txt'), Buffer.from('\ufeff更新に失敗: 0x800f081f\r\n', 'utf16le'));
writeFileSync(join(projectDir, 'System.evtx'), Buffer.from('ElfFile\0\0\0'));
writeFileSync(join(projectDir, 'cut.gz'), Buffer.from([0x1f, 0x8b, 8]));
writeFileSync(join(projectDir, 'empty.log'), '');
writeFileSync(join(projectDir, 'trace.etl'), Buffer.from([0, 16, 0, 0, 0, 0, 7, 7, 0, 0, 2, 0, 0, 9]));

async function* piped(...texts: readonly string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}
const explain = (operands: readonly string[], stdin = piped()) =>
  explainInput(operands, { projectDir, shippedDir: places.shippedDir, stdin });

test('a file is read in its encoding, standard input as it comes, and other operands are the text', async () => {
  expect(await explain(['error.txt'])).toMatchObject({
    source: { kind: 'file', name: 'error.txt', encoding: 'utf-16le' },
    codes: [{ name: 'CBS_E_SOURCE_MISSING' }],
  });
  expect(await explain(['-'], piped('error 0x8007', '0002\n'))).toMatchObject({
    source: { kind: 'stdin', name: null },
    codes: [{ name: 'ERROR_FILE_NOT_FOUND' }],
  });
  expect(await explain(['-'], piped('2\n'))).toMatchObject({ codes: [{ name: 'ERROR_FILE_NOT_FOUND' }] });
  expect(await explain(['hr', '0x80070005'])).toMatchObject({
    source: { kind: 'text' },
    codes: [{ name: 'E_ACCESSDENIED' }],
  });
  expect(await explain(['empty.log'])).toMatchObject({ codes: [], source: { kind: 'file', lines: 0 } });
});

test.each([
  [['System.evtx'], /EVTX.*wevtutil qe/],
  [['cut.gz'], /gzip -dc/],
  [['trace.etl'], /no text.*Get-WindowsUpdateLog/],
  [['missing.log'], /missing\.log: there is no such file/],
  [['folder'], /folder: this is a folder/],
  [['error.txt', 'empty.log'], /takes one file/],
])('%j is refused with what to do', async (operands, message) => {
  await expect(explain(operands)).rejects.toMatchObject({ code: 'bad-input', message: expect.stringMatching(message) });
});

test('a text that could be no path is a text', async () => {
  for (const text of ['error.txt/0x80070002', `0x80070002 ${'x'.repeat(5000)}`, '0x80070002\nand more'])
    expect((await explain([text])).codes).toMatchObject([{ name: 'ERROR_FILE_NOT_FOUND' }]);
});

test('no code names a playbook that is not shipped, and the one for 0x80070002 is', async () => {
  const shipped = new Set(listPlaybooks(places).map(({ id }) => id));
  const codes = [...codeKnowledge().byValue.values()];
  const explanation = await explain([codes.map(({ code }) => code).join('\n')]);
  const named = new Set(explanation.codes.flatMap(({ playbooks }) => playbooks));
  expect(explanation.codes).toHaveLength(174);
  expect([...named].filter((id) => !shipped.has(id))).toEqual([]);
  expect(named).toContain('windows-update/file-not-found');
  expect(playbookFinder(places)('recovery-of-nothing')).toBeNull();
});
