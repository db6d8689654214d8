import { expect, test } from 'vitest';
import { checkPlaybook } from '../../../../src/input/playbook/read-playbook.ts';
import type { HostFacts } from '../../../../src/kernel/host-facts.ts';
import { faultLines, library, smallPlaybook } from '../fixture-library.ts';

const check = (text: string) => checkPlaybook(text, { id: 'demo/x', file: 'x.yaml' }, library);

test.each<[string, string, string, string | null]>([
  ['a fact that no host has', 'facts.os.biuld', '22:41 there is no `facts.os.biuld`', 'did you mean `facts.os.build`?'],
  [
    'a fact that no host has, in a text',
    'facts["powershell"]["verison"]',
    '22:41 there is no `facts.powershell.verison`',
    'did you mean `facts.powershell.version`?',
  ],
  [
    'a name below a fact that is a value',
    'facts.uptimeMs.ms',
    '22:41 there is no `facts.uptimeMs.ms`: `facts.uptimeMs` holds no names',
    null,
  ],
])('%s', (_, instead, expected, suggestion) => {
  const loaded = check(smallPlaybook.replace('facts.os.build', instead));
  expect(faultLines(loaded)).toEqual([expected]);
  expect(loaded).toMatchObject({ faults: [{ suggestion }] });
});

test('a condition in a folded text is placed at its beginning', () => {
  const text = smallPlaybook.replace(
    'when: host.rebootOwed || params.value > 3',
    'when: >-\n          host.rebootOwed ||\n          params.nothing > 3',
  );
  expect(faultLines(check(text))).toEqual(['29:15 there is no `params.nothing`']);
});

/** Every fact of a host, as the kit reads it; the type makes the list complete. */
const hostFacts: Readonly<Record<keyof HostFacts, true>> = {
  machineId: true,
  computerName: true,
  os: true,
  powershell: true,
  elevated: true,
  uptimeMs: true,
  clockSkewMs: true,
  systemDrive: true,
  pendingReboot: true,
  domainJoined: true,
  roles: true,
};

test.each(Object.keys(hostFacts))('a condition may speak of facts.%s from the first step on', (fact) => {
  const text = smallPlaybook.replace('$$HOME }', () => `$$HOME }\n        when: facts.${fact} != null`);
  expect(text).not.toBe(smallPlaybook);
  expect(faultLines(check(text))).toEqual([]);
});
