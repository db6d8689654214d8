import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openActionLibrary } from '../../../../src/input/action/action-library.ts';
import { listPlaybooks } from '../../../../src/input/playbook/find-playbook.ts';
import { readPlaybook } from '../../../../src/input/playbook/read-playbook.ts';
import { faultLines, valueOf } from '../fixture-library.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const shipped = { projectDir: `${root}test/fixtures/input/none`, shippedDir: `${root}playbooks` };
const shippedLibrary = openActionLibrary(shipped);
const playbooks = listPlaybooks(shipped);

test('there are shipped playbooks and actions', () => {
  expect(playbooks.map(({ id }) => id)).toContain('windows-update/file-not-found');
  expect(shippedLibrary.ids()).toContain('windows-update/reset-cache');
});

test.each(playbooks)('the shipped playbook $id has no fault', (found) => {
  const read = readPlaybook(found, shippedLibrary);
  expect(faultLines(read)).toEqual([]);
  expect(valueOf(read).playbook.title.ja).toBeTypeOf('string');
});

test.each(shippedLibrary.ids())('the shipped action %s has no fault and a title in both languages', (id) => {
  const action = shippedLibrary.get(id);
  expect(faultLines(action)).toEqual([]);
  expect(valueOf(action).title.ja).toBeTypeOf('string');
});
