import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../../../src/lab/faults/faults.ts';
import type { Machine } from '../../../../src/lab/windows/machine/machine.ts';
import { diffSnapshots, takeSnapshot } from '../../../../src/lab/windows/machine/snapshot.ts';
import { labMachine, outputOf } from './run-script.ts';

/** What a search by the COM API ends with: its code, or how many updates it found. */
const search = `
  try { (New-Object -ComObject 'Microsoft.Update.Session').CreateUpdateSearcher().Search('IsInstalled=0 and IsHidden=0').Updates.Count }
  catch { $f = $_.Exception; while ($f.InnerException) { $f = $f.InnerException }; '0x{0:X8}' -f $f.HResult }`;
const searched = async (machine: Machine): Promise<unknown> => (await outputOf(machine, search, 'service'))[0];
const policy = "'HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate'";

type Case = {
  readonly name: string;
  readonly fault: FaultSpec;
  readonly code: string;
  readonly wrong: string;
  readonly right: string;
  /** What the right cure changed, in the diff. */
  readonly changed: RegExp;
};

const cases: readonly Case[] = [
  {
    name: 'a proxy whose name nobody knows',
    fault: { kind: 'proxy-wrong' },
    code: '0x8024402C',
    wrong: 'Clear-DnsClientCache; Stop-Service wuauserv; Start-Service wuauserv',
    right: 'netsh winhttp reset proxy | Out-Null',
    changed: /Connections:WinHttpSettings$/,
  },
  {
    name: 'a proxy that nothing listens on',
    fault: { kind: 'proxy-wrong', how: 'refused' },
    code: '0x80072EFD',
    wrong: 'netsh winhttp set proxy proxy-server="proxy.corp.example:8082" | Out-Null',
    right:
      'netsh winhttp set proxy proxy-server="proxy.corp.example:8080" bypass-list="<local>;*.corp.example" | Out-Null',
    changed: /WinHttpSettings$/,
  },
  {
    name: 'a proxy that wants a login',
    fault: { kind: 'proxy-wrong', how: 'authenticates' },
    code: '0x8024401B',
    wrong: 'ipconfig /flushdns | Out-Null',
    right: 'netsh winhttp set proxy proxy.corp.example:8080 | Out-Null',
    changed: /WinHttpSettings$/,
  },
  {
    name: 'an Internet that only the proxy reaches',
    fault: { kind: 'proxy-required' },
    code: '0x80072EE2',
    wrong: 'netsh winhttp import proxy source=ie | Out-Null',
    right: 'netsh winhttp set proxy proxy.corp.example:8080 | Out-Null',
    changed: /WinHttpSettings$/,
  },
  {
    name: 'dead name servers',
    fault: { kind: 'dns-broken' },
    code: '0x80072EE7',
    wrong: 'Clear-DnsClientCache',
    right: 'Set-DnsClientServerAddress -InterfaceIndex (Get-NetAdapter).ifIndex -ResetServerAddresses',
    changed: /:NameServer$/,
  },
  {
    name: 'a resolver that remembers that there is no such name',
    fault: { kind: 'dns-broken', how: 'stale-cache' },
    code: '0x80072EE7',
    wrong: "Set-DnsClientServerAddress -InterfaceAlias Ethernet -ServerAddresses '203.0.113.53'",
    right: 'Clear-DnsClientCache',
    changed: /:NameServer$/,
  },
  {
    name: 'entries in the hosts file',
    fault: { kind: 'hosts-file-entry' },
    code: '0x80072EFD',
    wrong: 'ipconfig /flushdns | Out-Null; netsh winhttp reset proxy | Out-Null',
    right: `$h = "$env:windir\\System32\\drivers\\etc\\hosts"; Set-Content $h (Get-Content $h | Where-Object { $_ -notmatch 'update\\.microsoft\\.com' })`,
    changed: /^file:C:\\Windows\\System32\\drivers\\etc\\hosts$/,
  },
  {
    name: 'a firewall that lets nothing out',
    fault: { kind: 'firewall-blocks' },
    code: '0x80072EFD',
    wrong: 'netsh winhttp reset proxy | Out-Null; Clear-DnsClientCache',
    right: 'Set-NetFirewallProfile -All -DefaultOutboundAction Allow',
    changed: /StandardProfile:DefaultOutboundAction$/,
  },
  {
    name: 'a device that opens TLS',
    fault: { kind: 'tls-intercepted' },
    code: '0x80072F8F',
    wrong: 'netsh winhttp reset proxy | Out-Null; Clear-DnsClientCache',
    right: `$k = New-Item 'HKLM:\\SOFTWARE\\Microsoft\\SystemCertificates\\ROOT\\Certificates\\AB01' -Force; New-ItemProperty $k.PSPath -Name Blob -PropertyType Binary -Value ([Text.Encoding]::UTF8.GetBytes('CN=Web Gateway Inspection CA, O=Corp')) | Out-Null`,
    changed: /ROOT\\Certificates\\AB01/,
  },
  {
    name: 'a WSUS server of old times',
    fault: { kind: 'wsus-wrong-server' },
    code: '0x8024402C',
    wrong: 'netsh winhttp reset proxy | Out-Null; Clear-DnsClientCache',
    right: `Set-ItemProperty ${policy} WUServer 'http://wsus.corp.example:8530'`,
    changed: /WindowsUpdate:WUServer$/,
  },
  {
    name: 'a WSUS server without a scheme',
    fault: { kind: 'wsus-wrong-server', how: 'no-scheme' },
    code: '0x80072EE6',
    wrong: 'Stop-Service wuauserv; Start-Service wuauserv',
    right: `Set-ItemProperty ${policy} WUServer 'http://wsus.corp.example:8530'`,
    changed: /WindowsUpdate:WUServer$/,
  },
  {
    name: 'a WSUS server at the wrong port',
    fault: { kind: 'wsus-wrong-server', how: 'wrong-port' },
    code: '0x80072EFD',
    wrong: 'Clear-DnsClientCache',
    right: `Set-ItemProperty ${policy} WUServer 'http://wsus.corp.example:8530'`,
    changed: /WindowsUpdate:WUServer$/,
  },
  {
    name: 'a client that is to ask a WSUS server of which it knows no name',
    fault: { kind: 'wsus-wrong-server', how: 'missing' },
    code: '0x80244011',
    wrong: 'netsh winhttp reset proxy | Out-Null',
    right: `Set-ItemProperty 'HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate\\AU' UseWUServer 0`,
    changed: /AU:UseWUServer$/,
  },
  ...(
    [
      ['silent', '0x80072EE2'],
      ['refused', '0x80072EFD'],
      ['unavailable', '0x80244022'],
      ['no-name', '0x8024402C'],
    ] as const
  ).map(
    ([how, code]): Case => ({
      name: `a WSUS server that is ${how}`,
      fault: { kind: 'wsus-unreachable', how },
      code,
      wrong: 'Clear-DnsClientCache; netsh winhttp reset proxy | Out-Null',
      right: `Set-ItemProperty 'HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate\\AU' UseWUServer 0`,
      changed: /AU:UseWUServer$/,
    }),
  ),
  {
    name: 'a policy that forbids the update servers',
    fault: { kind: 'update-access-disabled' },
    code: '0x8024002E',
    wrong: 'netsh winhttp reset proxy | Out-Null',
    right: `Remove-ItemProperty ${policy} DisableWindowsUpdateAccess`,
    changed: /:DisableWindowsUpdateAccess$/,
  },
  {
    name: 'rights of the cache that are gone',
    fault: { kind: 'acl-broken' },
    code: '0x80070005',
    wrong:
      'icacls C:\\Windows\\SoftwareDistribution /reset /t /c /q 2>&1 | Out-Null; Stop-Service wuauserv -Force; Start-Service wuauserv',
    right: `takeown /f C:\\Windows\\SoftwareDistribution /r /a /d y | Out-Null; icacls C:\\Windows\\SoftwareDistribution /reset /t /c /q | Out-Null`,
    changed: /^file:C:\\Windows\\SoftwareDistribution$/,
  },
  {
    name: 'a rule that denies SYSTEM the cache',
    fault: { kind: 'acl-broken', damage: 'denied' },
    code: '0x80070005',
    wrong: `icacls C:\\Windows\\SoftwareDistribution /grant '*S-1-5-18:(OI)(CI)F' | Out-Null`,
    right: `icacls C:\\Windows\\SoftwareDistribution /reset /t /c /q | Out-Null`,
    changed: /^file:C:\\Windows\\SoftwareDistribution$/,
  },
];

describe('a search for updates', () => {
  for (const { name, fault, code, wrong, right, changed } of cases)
    test(`fails by ${name} with ${code}, and only what cures it helps`, async () => {
      const machine = labMachine([fault]);
      expect(await searched(machine)).toBe(code);
      const event = machine.events.records('Microsoft-Windows-WindowsUpdateClient/Operational')?.at(-1);
      expect([event?.id, event?.data[0]]).toEqual([25, ['errorCode', code.toLowerCase()]]);
      await outputOf(machine, wrong);
      expect(await searched(machine)).not.toBe(1);
      const before = takeSnapshot(machine);
      await outputOf(machine, right);
      if (fault.kind !== 'dns-broken' || fault.how !== 'stale-cache')
        expect(
          diffSnapshots(before, takeSnapshot(machine), machine).differences.some(({ path }) => changed.test(path)),
        ).toBe(true);
      expect(await searched(machine)).toBe(machine.update.offered.length);
    });

  test('is told no updates but definitions while they are paused', async () => {
    const machine = labMachine([{ kind: 'updates-paused' }]);
    machine.update.offered = [
      ...machine.update.offered,
      { title: '2026-11 Cumulative Update', updateId: '0a1b', kb: 'KB5068861', kind: 'cumulative', ubr: 7000 },
    ];
    expect(await searched(machine)).toBe(1);
    await outputOf(
      machine,
      "Remove-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\WindowsUpdate\\UX\\Settings' PauseUpdatesExpiryTime",
    );
    expect(await searched(machine)).toBe(2);
  });

  test('goes to the Internet where the caller asks for it, past the WSUS server', async () => {
    const machine = labMachine([{ kind: 'wsus-unreachable' }]);
    const asked = `$s = (New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher(); $s.ServerSelection = 2; $s.Search('IsInstalled=0').Updates.Count`;
    expect(await outputOf(machine, asked, 'service')).toEqual([1]);
  });
});
