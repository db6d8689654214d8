import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readAliases } from '../../../src/input/playbook/find-playbook.ts';
import { codeKnowledge } from '../../../src/knowledge/code-knowledge.ts';
import { places } from '../playbooks/shipped.ts';

const knowledge = codeKnowledge();
const entries = [...knowledge.byValue.values()];
const japanese = /[\u3040-\u30ff\u4e00-\u9fff]/;

test('174 codes are known, each once', () => {
  expect(entries).toHaveLength(174);
  const text = readFileSync(new URL('../../../src/knowledge/error-codes.yaml', import.meta.url), 'utf8');
  expect(text.match(/^ {2}- code: /gm)).toHaveLength(174);
  expect(knowledge.byValue.get(0x80070002)?.name).toBe('ERROR_FILE_NOT_FOUND');
});

test('every meaning and all but proper names among the causes are there in Japanese', () => {
  for (const { code, meaning } of entries) expect(meaning.ja, code).toMatch(japanese);
  const same = entries.flatMap(({ causes }) => causes.filter(({ en, ja }) => en === ja).map(({ en }) => en));
  expect([...new Set(same)]).toEqual(['DNS', 'SUSDB', 'ACL']);
});

test('every playbook that a code or an area names has an alias', () => {
  const aliases = readAliases(places);
  if (!aliases.ok) throw new Error('the aliases are not valid');
  const named = [
    ...entries.flatMap(({ playbooks }) => playbooks),
    ...[...knowledge.areas.values()].flatMap(({ playbooks }) => playbooks),
  ];
  expect(new Set(named).size).toBeGreaterThan(20);
  expect([...new Set(named)].filter((name) => !aliases.value.has(name))).toEqual([]);
});

test('every Win32 error of an NTSTATUS value is one of a known code, and every area of a code is described', () => {
  const lost = [...knowledge.ntStatuses.values()].filter(
    ({ win32 }) => !knowledge.byValue.has((0x80070000 | win32) >>> 0),
  );
  expect(lost).toEqual([]);
  const areas = new Set(entries.flatMap((entry) => entry.areas));
  expect([...areas].filter((area) => !knowledge.areas.has(area))).toEqual([]);
});

test('every extend code that is described has a phase and an operation, but those whose names nobody has published', () => {
  const nameless = [...knowledge.extendCodes.keys()].filter(
    (code) => !knowledge.phases.has(code >>> 16) || !knowledge.operations.has(code & 0xffff),
  );
  expect(nameless).toEqual([0x60000, 0xa001b]);
});
