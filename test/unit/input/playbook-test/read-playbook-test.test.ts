import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openActionLibrary } from '../../../../src/input/action/action-library.ts';
import { listPlaybooks } from '../../../../src/input/playbook/find-playbook.ts';
import { readPlaybookTest } from '../../../../src/input/playbook-test/read-playbook-test.ts';
import { endCauses } from '../../../../src/journal/event-data.ts';
import { tryHost } from '../../../../src/lab/faults/create-machine.ts';
import { findTests } from '../../../../src/operations/playbook-test/find-tests.ts';

const root = join(import.meta.dirname, '../../../..');
const places = {
  projectDir: join(root, 'test/fixtures/playbook-test'),
  shippedDir: join(root, 'playbooks'),
  tryHost,
};

const read = (text: string) => {
  const file = join(mkdtempSync(join(tmpdir(), 'kintsugi-test-')), 'a.test.yaml');
  writeFileSync(file, `kintsugi: playbook-test/v1\n${text}`);
  return readPlaybookTest(file, places, openActionLibrary(places));
};

const faultsOf = (text: string): readonly (readonly [number | null, string, string | null])[] => {
  const result = read(text);
  return result.ok ? [] : result.faults.map(({ line, message, suggestion }) => [line, message, suggestion]);
};

test('the shipped tests are read, with their playbooks', () => {
  const found = findTests([], { ...places, projectDir: root });
  if (!found.ok) throw new Error('no tests');
  expect(found.value.length).toBeGreaterThan(0);
  for (const file of found.value) {
    const result = readPlaybookTest(file, places, openActionLibrary(places));
    expect(result.ok ? [] : result.faults).toEqual([]);
    if (result.ok) expect(result.value.loaded.playbook.file).toBe(file.replace('.test.yaml', '.yaml'));
  }
});

test('a test file is no playbook', () => {
  expect(listPlaybooks(places).filter(({ id }) => id.includes('.test'))).toEqual([]);
});

test('tests are found by file, by folder, by playbook and by id; what has none is told', () => {
  const files = (...names: string[]) => {
    const found = findTests(names, places);
    return found.ok ? found.value.map((file) => file.slice(file.lastIndexOf('demo'))) : found.faults[0]?.message;
  };
  const mark = join('demo', 'mark.test.yaml');
  const others = ['deeds', 'leave-behind'].map((name) => join('demo', `${name}.test.yaml`));
  expect(files()).toEqual([...others, mark, join('demo', 'waits.test.yaml')]);
  expect(files('demo/mark', 'playbooks/demo/mark.yaml', 'playbooks/demo/mark.test.yaml')).toEqual([mark]);
  expect(files('playbooks')).toHaveLength(4);
  expect(files('playbooks/actions')).toBe('there is no test here');
  expect(files('demo/marc')).toBe('there is no playbook `demo/marc`');
});

test('names that the playbook does not have are faults with what was probably meant', () => {
  const text = [
    'playbook: demo/mark',
    'cases:',
    '  - name: a',
    '    hosts: { h: { base: windows-11-24h2 } }',
    '    parameters: { txt: a, text: 5 }',
    '    expect: { end: repaired, steps: { marc: done }, findings: { gaol: { ok: true } }, checks: { host/elevated: passed } }',
    '  - name: a',
    '    hosts: { h: { base: windows-11-24h2 } }',
    '    expect: { end: repaired }',
  ];
  expect(faultsOf(text.join('\n'))).toEqual([
    [8, 'there is a case of this name already', null],
    [6, 'the playbook has no parameter `txt`', 'did you mean `text`?'],
    [6, expect.stringContaining('5'), null],
    [7, 'the playbook has no step `marc`', 'did you mean `mark`?'],
    [7, 'the playbook has no step `gaol`', 'did you mean `goal`?'],
    [7, 'the playbook has no preflight check `host/elevated`', null],
  ]);
});

test('what a sound case names wrongly is told with the faults of the others', () => {
  const text = `playbook: demo/mark
cases:
  - name: a
    hosts: { w11: { base: windows-11-24h2 } }
    expect: { end: repaird }
  - name: b
    hosts: { w11: { base: windows-11-24h2 } }
    expect: { end: repaired, steps: { marc: done } }
`;
  expect(faultsOf(text).map(([line]) => line)).toEqual([6, 9]);
});

test('a case that would pass whatever happens is a fault, and so is an expectation that nobody looks at', () => {
  const given = (rest: string) =>
    `playbook: demo/mark\ncases: [{ name: a, hosts: { h: { base: windows-11-24h2 } }${rest} }]`;
  const passes = 'the case does not say how the run ends, so it would pass whatever happens';
  expect(faultsOf(given(''))).toEqual([[3, passes, null]]);
  expect(faultsOf(given(', expect: { steps: { mark: done } }'))).toEqual([[3, passes, null]]);
  expect(faultsOf(given(', expect: {}'))).toMatchObject([[3, 'this is empty', null]]);
  const empty = ', expect: { end: repaired, steps: {}, checks: {}, findings: { goal: {} } }';
  expect(faultsOf(given(empty)).map(([, message]) => message)).toEqual(Array(3).fill('this is empty'));
  expect(faultsOf(given(', expect: { end: repaired, findings: {} }'))).toMatchObject([[3, 'this is empty', null]]);
  expect(faultsOf(given(', failAt: every-change'))).toEqual([]);
  expect(faultsOf(given(', failAt: every-change, expect: { changed: [] }'))).toEqual([
    [3, '`changed` is not looked at where the case is made to fail everywhere', null],
  ]);
});

test('a pattern that fits whatever has changed is a fault', () => {
  const hosts = 'hosts: { w11: { base: windows-11-24h2 } }';
  const text = `playbook: demo/mark\ncases: [{ name: a, ${hosts}, expect: { end: repaired, changed: ['file:C:\\a', '**'] } }]\n`;
  expect(faultsOf(text)).toEqual([[3, 'this pattern fits whatever has changed, so it says nothing', null]]);
});

test('a cause is one of those that there are', () => {
  const given = (cause: string) =>
    `playbook: demo/mark\ncases: [{ name: a, hosts: { h: { base: windows-11-24h2 } }, expect: { end: blocked, cause: ${cause} } }]`;
  for (const cause of endCauses) expect(faultsOf(given(cause))).toEqual([]);
  expect(faultsOf(given('goal-reeched'))).toEqual([
    [3, '`goal-reeched` is not allowed here', 'did you mean `goal-reached`?'],
  ]);
});

test('an unknown base, fault or key, and a playbook that is not there, are faults at their line', () => {
  const hosts = (spec: string) =>
    `playbook: demo/mark\ncases: [{ name: a, hosts: { h: ${spec} }, expect: { end: repaired } }]`;
  expect(faultsOf(hosts('{ base: windows-95 }'))).toMatchObject([[3, '`windows-95` is not allowed here', null]]);
  expect(faultsOf(hosts('{ base: windows-11-24h2, fault: [] }'))).toMatchObject([
    [3, 'unknown key `fault`', 'did you mean `faults`?'],
  ]);
  expect(faultsOf(hosts('{ base: windows-11-24h2, faults: [{ kind: clock-skw, minutes: 3 }] }'))).toEqual([
    [3, '`clock-skw` is not allowed here', 'did you mean `clock-skew`?'],
  ]);
  expect(faultsOf(hosts('{ base: windows-11-24h2, faults: [{ kind: clock-skew, minuts: 3 }] }'))).toEqual([
    [3, 'the key `minutes` is missing', null],
    [3, 'unknown key `minuts`', 'did you mean `minutes`?'],
  ]);
  expect(faultsOf('cases: [{ name: a, hosts: { h: { base: windows-11-24h2 } } }]')).toMatchObject([
    [1, expect.stringContaining('there is no such file'), null],
    [2, expect.stringContaining('does not say how the run ends'), null],
  ]);
});

test('a host of a case that cannot be as it is declared is told at its place', () => {
  const hosts =
    '{ h: { base: windows-11-24h2, roles: [update-server], faults: [{ kind: service-stuck, name: Spoler }] } }';
  const text = `playbook: demo/mark\ncases: [{ name: a, hosts: ${hosts}, expect: { end: repaired } }]`;
  expect(faultsOf(text)).toEqual([
    [3, expect.stringContaining('host h: it is to have the role update-server'), null],
    [3, 'host h: it has no service `Spoler`', 'did you mean `Spooler`?'],
  ]);
});
