import { describe, expect, test } from 'vitest';
import { createMachine, tryHost } from '../../../../src/lab/faults/create-machine.ts';
import type { FaultSpec } from '../../../../src/lab/faults/faults.ts';
import type { HostSpec } from '../../../../src/lab/faults/lab-spec.ts';

const client = 'windows-11-24h2';
const server = 'windows-server-2022';
const flawsOf = (faults: readonly FaultSpec[], spec: Partial<HostSpec> = {}) =>
  tryHost('pc', { base: client, ...spec, faults });

describe('a host that cannot be as it is declared', () => {
  test('is told everything that it does not have, each at the key that names it, with what was probably meant', () => {
    const told = flawsOf([
      { kind: 'service-disabled', name: 'Spoler' },
      { kind: 'service-stuck', name: 'Windows Update' },
      { kind: 'policy-disables-service', name: 'NoSuchService' },
      { kind: 'file-locked', path: 'C:\\Windws\\System32\\drivers', process: 'a.exe' },
      { kind: 'file-locked', path: 'Q:\\x', process: 'a.exe' },
      { kind: 'media-present', path: 'Q:\\a\\b.iso' },
      { kind: 'iis-handler-missing', handler: 'StaticFil' },
      { kind: 'vss-writer-failed', writer: 'WMI Writr' },
      { kind: 'volume-dirty', drive: 'Q:' },
      { kind: 'kit-folder-tampered', owner: 'nobody' },
      { kind: 'setup-failed', extend: '0x20008' },
      { kind: 'disk-low', freeGB: 9999 },
      { kind: 'system-file-damaged', path: 'C:\\Windows\\regedit.ex' },
      { kind: 'store-package-broken', package: 'Microsoft.WindowsStor' },
      { kind: 'feature-payload-removed', feature: 'Web-Asp-Net46' },
    ]).map(({ at, message, suggestion }) => [at.slice(1).join('.'), message, suggestion]);
    expect(told).toEqual([
      ['0.name', 'it has no service `Spoler`', 'did you mean `Spooler`?'],
      ['1.name', 'it has no service `Windows Update`', 'did you mean `wuauserv`?'],
      ['2.name', 'it has no service `NoSuchService`', null],
      [
        '3.path',
        'it has no file or folder `C:\\Windws\\System32\\drivers`',
        'did you mean `C:\\Windows\\System32\\drivers`?',
      ],
      ['4.path', 'it has no drive for `Q:\\x`', null],
      ['5.path', 'it has no drive for `Q:\\`', null],
      ['6.handler', 'its web server has no handler mapping `StaticFil`', 'did you mean `StaticFile`?'],
      ['7.writer', 'it has no VSS writer `WMI Writr`', 'did you mean `WMI Writer`?'],
      ['8.drive', 'it has no drive `Q:`', null],
      ['9.owner', 'it has no account `nobody`', null],
      [
        '10.extend',
        'setup does not roll back with `0x20008` in the lab',
        'did you mean `0x20004`, `0x20007`, `0x20009`?',
      ],
      ['11.freeGB', expect.stringMatching(/^its system drive has only \d+ GB free$/), null],
      [
        '12.path',
        'the fault system-file-damaged needs a protected file of Windows, and `C:\\Windows\\regedit.ex` is none',
        expect.stringContaining('`C:\\Windows\\regedit.exe`'),
      ],
      ['13.package', expect.stringContaining('no package'), expect.stringContaining('`Microsoft.WindowsStore`')],
      ['14.feature', expect.stringContaining('has no feature `Web-Asp-Net46`'), 'did you mean `Web-Asp-Net45`?'],
    ]);
  });

  test('is told of a role, a service processor and faults that do not fit its base', () => {
    const told = flawsOf([{ kind: 'bmc-certificate' }], { roles: ['web-server', 'update-server'], bmc: true });
    expect(told.map(({ at }) => at.join('.'))).toEqual(['bmc', 'roles.1', 'faults.0.kind']);
    for (const { message } of told) expect(message).toMatch(/give it a base of Windows Server|choose a server as base/);
    expect(flawsOf([{ kind: 'restore-disabled' }], { base: server })).toMatchObject([
      { at: ['faults', 0, 'kind'], message: expect.stringContaining('the fault restore-disabled needs a client') },
    ]);
  });

  test('knows what an earlier fault took away', () => {
    const gone: FaultSpec = { kind: 'service-missing', name: 'Spooler' };
    expect(flawsOf([gone])).toEqual([]);
    expect(flawsOf([gone, { kind: 'service-crashed', name: 'Spooler' }])).toMatchObject([
      { at: ['faults', 1, 'name'] },
    ]);
  });

  test('cannot have a protected service changed', () => {
    expect(flawsOf([{ kind: 'service-disabled', name: 'Dnscache' }])).toMatchObject([
      { at: ['faults', 0, 'name'], message: 'its service `Dnscache` is protected: Windows lets nobody change it' },
    ]);
  });

  test('is not made: the first of it is a failure of the input, which names the host', () => {
    expect(() => createMachine('pc', { base: client, faults: [{ kind: 'service-stuck', name: 'Spoler' }] })).toThrow(
      expect.objectContaining({
        code: 'bad-input',
        message: 'Host pc: it has no service `Spoler`; did you mean `Spooler`?',
      }),
    );
  });
});

test('a service that others need can be disabled: they are stopped before it', () => {
  for (const kind of ['service-disabled', 'service-binary-missing'] as const) {
    const machine = createMachine('web', { base: server, roles: ['web-server'], faults: [{ kind, name: 'WAS' }] });
    expect(['WAS', 'W3SVC'].map((name) => machine.services.get(name).state)).toEqual(['Stopped', 'Stopped']);
    machine.close();
  }
});

test('a fault of a role that only servers have says that it brings the role; what a role of the host tells already is told once', () => {
  const stopped: FaultSpec = { kind: 'wsus-service-stopped' };
  const told = (spec: Partial<HostSpec>) => flawsOf([stopped], spec).map(({ at, message }) => [at.join('.'), message]);
  const rest = 'the role update-server, which Microsoft Windows 11 Pro cannot have; give it a base of Windows Server';
  expect(told({})).toEqual([['faults.0.kind', `this fault brings ${rest}`]]);
  expect(told({ roles: ['update-server'] })).toEqual([['roles.0', `it is to have ${rest}`]]);
});
