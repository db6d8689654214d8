import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeValues } from '../../../src/lab/faults/bases/base-registry.ts';
import { type Lab, startLab } from '../../../src/lab/start-lab.ts';
import { systemPid } from '../../../src/lab/windows/machine/change-feed.ts';
import type { Machine } from '../../../src/lab/windows/machine/machine.ts';
import { checkSetup, type HostSetup, lookAtHost } from '../../../src/remote/powershell/look-at-host.ts';
import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';

const winrm = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WSMAN';
const rules = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules';
const rule = (rest: string): string => `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=5986|${rest}`;
const password = 'Lab-Passw0rd!';

describe('a look at a host', () => {
  let lab: Lab;
  let machine: Machine;
  let shell: RemoteShell;
  beforeAll(async () => {
    lab = await startLab({ spec: { kintsugi: 'lab/v1', hosts: { srv: { base: 'windows-server-2022' } } }, password });
    const [host] = lab.hosts;
    if (!host) return expect.unreachable();
    machine = host.machine;
    shell = await openWinRmShell({
      host: '127.0.0.1',
      port: host.port,
      auth: { mechanisms: ['negotiate'], username: 'operator', password: () => password },
      connectTimeoutMs: 5_000,
      operationTimeoutMs: 10_000,
    });
  });
  afterAll(async () => {
    await shell?.close();
    await lab?.close();
  });

  it('tells language mode, version, name and clock', async () => {
    const look = await lookAtHost(shell, () => machine.clock.wallMs() - 90_000);
    expect(look).toMatchObject({ languageMode: 'FullLanguage', computerName: 'SRV' });
    expect(look.version).toMatch(/^5\.1\./);
    expect(look.clockSkewMs).toBeGreaterThan(80_000);
    expect(look.clockSkewMs).toBeLessThanOrEqual(90_100);
  });

  it.each<[HostSetup, Record<string, string | number>, RegExp, () => void]>([
    [
      'https-listener',
      {},
      /no HTTPS listener/,
      () => placeValues(machine, `${winrm}\\Listener\\*+HTTPS`, { Port: 5986, certThumbprint: 'A'.repeat(40) }),
    ],
    [
      'firewall',
      { Port: 5986 },
      /lets port 5986 in/,
      () => placeValues(machine, rules, { 'Kintsugi-WinRM-HTTPS': rule('RA4=10.0.8.0/255.255.255.0|') }),
    ],
    [
      'jea',
      { Name: 'Kintsugi' },
      /no session configuration Kintsugi/,
      () => {
        placeValues(machine, `${winrm}\\Plugin\\Kintsugi`, { ConfigXML: '<PlugInConfiguration Enabled="true"/>' });
      },
    ],
  ])('the check of %s tells what is missing, then that all is well', async (setup, parameters, reason, mend) => {
    const before = await checkSetup(shell, setup, parameters);
    expect(before.ok).toBe(false);
    expect(before.reason).toMatch(reason);
    mend();
    expect(await checkSetup(shell, setup, parameters)).toEqual({ ok: true, reason: '' });
  });

  it.each<[HostSetup, Record<string, string | number>, RegExp, () => void]>([
    [
      'service',
      {},
      /does not start by itself/,
      () => {
        void machine.services.configure('WinRM', { start: 'Manual' }, systemPid);
      },
    ],
    ['hardening', {}, /takes Basic/, () => placeValues(machine, `${winrm}\\Service`, { auth_basic: 1 })],
    ['https-listener', { Port: 15_986 }, /on port 5986, not on 15986/, () => undefined],
    ['https-listener', { Thumbprint: 'B'.repeat(40) }, /has the certificate A{40}/, () => undefined],
    ['firewall', { Port: 5986 }, /from any address/, () => placeValues(machine, rules, { Wide: rule('') })],
    [
      'jea',
      { Name: 'Kintsugi' },
      /is disabled/,
      () => {
        placeValues(machine, `${winrm}\\Plugin\\Kintsugi`, { ConfigXML: '<PlugInConfiguration Enabled="false"/>' });
      },
    ],
  ])('the check of %s with %j names the fault', async (setup, parameters, reason, spoil) => {
    if (setup === 'service' || setup === 'hardening')
      expect(await checkSetup(shell, setup, parameters)).toEqual({ ok: true, reason: '' });
    spoil();
    const { ok, reason: told } = await checkSetup(shell, setup, parameters);
    expect(ok).toBe(false);
    expect(told).toMatch(reason);
  });

  it('a policy wins over the own setting of the service', async () => {
    placeValues(machine, `${winrm}\\Service`, { auth_basic: 0 });
    placeValues(machine, 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\WinRM\\Service', { AllowCredSSP: 1 });
    expect(await checkSetup(shell, 'hardening')).toEqual({ ok: false, reason: 'the service takes CredSSP' });
  });

  it('an administrator has the access that repairs need', async () => {
    expect(await checkSetup(shell, 'access')).toEqual({ ok: true, reason: '' });
  });
});
