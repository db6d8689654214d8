import { describe, expect, test } from 'vitest';
import { clientFaultKinds, type FaultSpec } from '../../../../src/lab/faults/faults.ts';
import { diffSnapshots, takeSnapshot } from '../../../../src/lab/windows/machine/snapshot.ts';
import { saveState } from '../../../../src/lab/windows/machine/state-copy.ts';
import { labMachine, outputOf } from '../windows/run-script.ts';

const causes: readonly FaultSpec[] = [
  { kind: 'user-temp-missing', cause: 'folder' },
  { kind: 'user-temp-missing', cause: 'value' },
  { kind: 'store-cache-corrupt' },
  { kind: 'store-package-broken', cause: 'registration-lost' },
  { kind: 'store-package-broken', cause: 'files-missing', package: 'Microsoft.WindowsCalculator' },
  { kind: 'store-package-broken', cause: 'acl-broken' },
  { kind: 'store-licence-broken', cause: 'tokens' },
  { kind: 'store-licence-broken', cause: 'service-disabled' },
  { kind: 'store-licence-broken', cause: 'policy' },
  { kind: 'store-default-volume-missing' },
  { kind: 'outlook-profile-broken', cause: 'default-missing' },
  { kind: 'outlook-profile-broken', cause: 'services-lost' },
  { kind: 'outlook-datafile-missing' },
  { kind: 'outlook-datafile-moved' },
  { kind: 'outlook-datafile-torn' },
  { kind: 'outlook-ost-corrupt' },
  { kind: 'onedrive-files-local' },
];

describe('states of a user', () => {
  for (const fault of causes) {
    const name = `${fault.kind}${'cause' in fault && fault.cause !== undefined ? ` (${fault.cause})` : ''}`;
    test(`${name} is the same state before and after the user signs in, and comes back with a copied state`, () => {
      const base = clientFaultKinds.includes(fault.kind) ? 'windows-10-22h2' : 'windows-server-2022';
      const spec = { base, uiLanguage: 'ja-JP' } as const;
      const signedIn = labMachine([{ kind: 'user-signed-in' }, fault], spec);
      const other = labMachine([fault, { kind: 'user-signed-in' }], spec);
      const entries = (machine: typeof other): Map<string, string> =>
        new Map(
          [...takeSnapshot(machine).entries].map(([path, text]) => [
            path,
            text.replace(/"modified":"[^"]*"|"sha256":"[^"]*"/g, ''),
          ]),
        );
      expect(entries(signedIn)).toEqual(entries(other));
      const before = takeSnapshot(other);
      const restore = saveState(other);
      for (const session of other.users.sessions) void other.users.signOut(session, 4);
      restore();
      expect(diffSnapshots(before, takeSnapshot(other), other).differences).toEqual([]);
    });
  }

  test('may be those of the administrator who works from afar, too', async () => {
    const machine = labMachine([
      { kind: 'user-signed-in', user: 'operator' },
      { kind: 'outlook-profile-broken', user: 'operator' },
    ]);
    expect(
      await outputOf(
        machine,
        `(Get-ItemProperty HKCU:\\Software\\Microsoft\\Office\\16.0\\Outlook).DefaultProfile; & logoff.exe operator; Test-Path HKCU:\\Software\\Microsoft\\Office`,
      ),
    ).toEqual(['Outlook 2013', true]);
  });
});
