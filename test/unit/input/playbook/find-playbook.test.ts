import { expect, test } from 'vitest';
import { openActionLibrary } from '../../../../src/input/action/action-library.ts';
import { findPlaybook, listPlaybooks } from '../../../../src/input/playbook/find-playbook.ts';
import { readPlaybook } from '../../../../src/input/playbook/read-playbook.ts';
import { faultLines, places, valueOf } from '../fixture-library.ts';

test('shipped and own playbooks are found by id, actions and aliases are none', () => {
  expect(listPlaybooks(places).map(({ id, origin }) => `${origin} ${id}`)).toEqual([
    'project demo/own',
    'shipped demo/small',
  ]);
  expect(valueOf(findPlaybook('demo/small', places))).toMatchObject({ id: 'demo/small', origin: 'shipped' });
});

test('an own playbook of the same id goes before the shipped one', () => {
  const both = {
    projectDir: places.shippedDir.replace(/playbooks$/, 'project'),
    shippedDir: `${places.projectDir}/playbooks`,
  };
  expect(valueOf(findPlaybook('demo/own', both)).origin).toBe('project');
});

test('a path names a file, its id is the path below playbooks', () => {
  const found = valueOf(findPlaybook(`${places.shippedDir}/demo/small.yaml`, places));
  expect(found).toMatchObject({ id: 'demo/small', origin: 'path' });
  expect(valueOf(findPlaybook('playbooks/demo/own.yaml', places)).id).toBe('demo/own');
});

test('an alias stands for its playbook', () => {
  expect(valueOf(findPlaybook('value-wrong', places)).id).toBe('demo/small');
  expect(faultLines(findPlaybook('gone', places))).toEqual([
    '-:- the alias `gone` stands for `demo/vanished`, which does not exist',
  ]);
});

test.each([
  ['demo/smal', 'demo/small'],
  ['small', 'demo/small'],
  ['valu-wrong', 'value-wrong'],
])('%j is not found, but %j is near', (wanted, near) => {
  const found = findPlaybook(wanted, places);
  expect(found.ok ? null : found.faults[0]?.suggestion).toBe(`did you mean \`${near}\`?`);
});

test.each(['../../../etc/passwd', '/etc/passwd', 'demo', '', 'no/such.yaml'])('%j is no playbook', (wanted) => {
  expect(findPlaybook(wanted, places).ok).toBe(false);
});

test('an own action goes before the shipped one of the same id', () => {
  const { actions } = valueOf(readPlaybook(valueOf(findPlaybook('demo/own', places)), openActionLibrary(places)));
  expect(actions.get('demo/look')?.title.en).toBe('Look at the value in our own way');
  expect(actions.get('demo/set-value')?.title.en).toBe('Set the value');
});
