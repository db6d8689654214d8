import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { openTestThreads } from '../../../src/compose/test-threads.ts';
import { listPlaybooks } from '../../../src/input/playbook/find-playbook.ts';
import type { PlaybookTestDocument } from '../../../src/input/playbook-test/playbook-test.generated.ts';
import { bases } from '../../../src/lab/faults/bases/editions.ts';
import { testPlaybooks } from '../../../src/operations/playbook-test/test-playbooks.ts';
import { loadHostKitText } from '../../../src/remote/powershell/host-kit-text.ts';

const root = join(import.meta.dirname, '../../..');
const places = { projectDir: join(root, 'test/fixtures/no-project'), shippedDir: join(root, 'playbooks') };

/** What servers serve as, and that somebody works at the others. */
const roles = ['web-server', 'update-server', 'server-backup'];
const signedIn = { kind: 'user-signed-in' };

/** Playbooks that change a healthy host because people want it so, not because anything is wrong. */
const wishes: readonly string[] = ['windows-update/pause'];

test('a healthy fleet of every base is left untouched by every playbook', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-healthy-'));
  const hosts = Object.fromEntries(
    Object.keys(bases).map((base) => [base, base.includes('server') ? { base, roles } : { base, faults: [signedIn] }]),
  );
  const files = listPlaybooks(places).flatMap(({ id, file }) => {
    if (wishes.includes(id)) return [];
    const { cases } = parse(readFileSync(file.replace(/\.yaml$/, '.test.yaml'), 'utf8')) as PlaybookTestDocument;
    // its own test knows with what parameters nothing is to be done
    const { parameters = {} } = cases.find((each) => each.expect?.end === 'unchanged') ?? {};
    const written = join(folder, `${id.replaceAll('/', '-')}.test.yaml`);
    const one = { name: id, parameters, hosts, expect: { end: 'unchanged', changed: [] } };
    writeFileSync(written, JSON.stringify({ kintsugi: 'playbook-test/v1', playbook: id, cases: [one] }));
    return [written];
  });
  try {
    const { text: kit } = await loadHostKitText();
    await using threads = openTestThreads(2);
    const given = {
      ...places,
      projectDir: folder,
      kit,
      tryHost: () => [],
      hosts: threads,
      onProgress: () => undefined,
    };
    const report = await testPlaybooks(files, given);
    const cases = report.files.flatMap((each) => each.cases);
    // a playbook for others, or one whose finding is right (out of service), ends otherwise: but nothing was changed
    const unmet = cases.flatMap(({ name, host, unmet: some }) =>
      some.map(({ what, got }) => [name, host, what, ...got]),
    );
    const harmless = unmet.filter(([, , what, end = '']) => what === 'end' && ['blocked', 'not-cured'].includes(end));
    expect(unmet.filter((each) => !harmless.includes(each))).toEqual([]);
    expect(cases).toHaveLength(files.length * Object.keys(bases).length);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
