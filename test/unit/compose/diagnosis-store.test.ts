import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDiagnosisStore } from '../../../src/compose/diagnosis-store.ts';
import { changeSince } from '../../../src/operations/diagnose/compare-diagnoses.ts';

const cause = (id: string) => ({ id, title: { en: id } });

it('keeps the last diagnosis of each host, whatever its name; what is broken is as none', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'diagnoses-')), 'd');
  const store = openDiagnosisStore(folder);
  const kept = { at: '2026-11-28T01:02:03Z', causes: [cause('a')] };
  expect(store.last('web/..')).toBeNull();
  store.keep('web/..', kept);
  expect([store.last('web/..'), store.last('web')]).toEqual([kept, null]);
  const [file = ''] = readdirSync(folder);
  for (const text of ['{', '{"at":1,"causes":[]}', '{"at":"x","causes":[{"id":1}]}']) {
    writeFileSync(join(folder, file), text);
    expect(store.last('web/..')).toBeNull();
  }
});

it('tells what is new and what is gone', () => {
  const last = { at: 't', causes: [cause('a'), cause('b')] };
  expect(changeSince(last, [cause('b'), cause('c')])).toEqual({ at: 't', fresh: ['c'], gone: [cause('a')] });
  expect(changeSince(null, [cause('b')])).toBeNull();
});
