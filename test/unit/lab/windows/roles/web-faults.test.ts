import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../../../../src/lab/faults/faults.ts';
import type { Machine } from '../../../../../src/lab/windows/machine/machine.ts';
import { diffSnapshots, takeSnapshot } from '../../../../../src/lab/windows/machine/snapshot.ts';
import { labMachine, outputOf, runScript } from '../run-script.ts';

const host = (fault: FaultSpec): Machine => labMachine([fault], { base: 'windows-server-2022' });

const ask = (path: string): string => `
  try { $r = Invoke-WebRequest "http://localhost${path}" -UseBasicParsing; [int]$r.StatusCode }
  catch [System.Net.WebException] { if ($_.Exception.Response) { [int]$_.Exception.Response.StatusCode } else { 'refused' } }`;
/** The last line of today's log: status, substatus, Win32 code. */
const logged = `(Get-ChildItem C:\\inetpub\\logs\\LogFiles\\W3SVC1\\*.log | Select-Object -Last 1 | Get-Content | Select-Object -Last 1).Split(' ')[11..13] -join ' '`;
const appcmd = '& $env:windir\\System32\\inetsrv\\appcmd.exe';
const grant = (who: string): string => `& icacls.exe C:\\inetpub\\orders /grant '${who}:(OI)(CI)RX' /q | Out-Null`;
const directory = `/system.applicationHost/sites/site[@name='Default Web Site']/application[@path='/orders']/virtualDirectory[@path='/']`;

type Row = {
  readonly fault: FaultSpec;
  readonly url?: string;
  /** What the request gives, and what the log says. */
  readonly bad: readonly (string | number)[];
  readonly wrong: string;
  /** What the wrong cure leaves, where that is another symptom. */
  readonly still?: readonly (string | number)[];
  readonly right: string;
  readonly changed: readonly string[];
};

const rows: readonly Row[] = [
  {
    fault: { kind: 'iis-path-missing', cause: 'path-wrong' },
    bad: [404, '404 0 3'],
    wrong: grant('IIS AppPool\\Orders'),
    right: `Set-WebConfigurationProperty -Filter "${directory}" -Name physicalPath -Value 'C:\\inetpub\\orders'`,
    changed: ['applicationHost.config'],
  },
  {
    fault: { kind: 'iis-path-missing', cause: 'folder-gone' },
    bad: [404, '404 0 3'],
    wrong: 'Restart-WebAppPool Orders',
    right: `Rename-Item C:\\inetpub\\orders.old orders`,
    changed: ['C:\\inetpub\\orders', 'C:\\inetpub\\orders.old'],
  },
  {
    fault: { kind: 'iis-path-missing', cause: 'drive-gone' },
    bad: [500, '500 19 3'],
    wrong: 'Restart-WebAppPool Orders',
    right: `${appcmd} set vdir "Default Web Site/orders/" /physicalPath:C:\\inetpub\\orders | Out-Null`,
    changed: ['applicationHost.config'],
  },
  {
    fault: { kind: 'iis-path-missing', cause: 'is-file' },
    bad: [500, '500 19 267'],
    wrong: 'Restart-WebAppPool Orders',
    right: `Set-ItemProperty 'IIS:\\Sites\\Default Web Site\\orders' -Name physicalPath -Value C:\\inetpub\\orders`,
    changed: ['applicationHost.config'],
  },
  {
    fault: { kind: 'iis-pool-stopped', cause: 'no-auto-start' },
    bad: [503],
    wrong: 'Restart-Service W3SVC',
    right: `Set-ItemProperty IIS:\\AppPools\\Orders -Name autoStart -Value $true; Restart-Service WAS -Force`,
    changed: ['applicationHost.config'],
  },
  {
    fault: { kind: 'iis-acl-broken', reads: 'pool', rule: 'denied' },
    bad: [500, '500 19 5'],
    wrong: grant('IIS AppPool\\Orders'),
    right: `& icacls.exe C:\\inetpub\\orders /remove '*S-1-5-32-568' /q | Out-Null`,
    changed: ['C:\\inetpub\\orders'],
  },
  {
    fault: { kind: 'iis-acl-broken', reads: 'pool' },
    bad: [500, '500 19 5'],
    wrong: grant('IIS AppPool\\DefaultAppPool'),
    right: grant('IIS AppPool\\Orders'),
    changed: ['C:\\inetpub\\orders'],
  },
  {
    fault: { kind: 'iis-acl-broken', reads: 'iusr' },
    bad: [500, '500 19 5'],
    wrong: grant('IIS AppPool\\Orders'),
    still: [401, '401 3 5'],
    right: grant('*S-1-5-17'),
    changed: ['C:\\inetpub\\orders'],
  },
  {
    fault: { kind: 'iis-handler-missing' },
    bad: [404, '404 4 2'],
    wrong: 'Install-WindowsFeature Web-Static-Content | Out-Null',
    right: `Add-WebConfigurationProperty -Filter system.webServer/handlers -Name . -Value @{ name='StaticFile'; path='*'; verb='*'; modules='StaticFileModule,DefaultDocumentModule,DirectoryListingModule'; resourceType='Either'; requireAccess='Read' }`,
    changed: ['applicationHost.config'],
  },
  {
    fault: { kind: 'iis-feature-missing', feature: 'Web-Static-Content' },
    bad: [404, '404 4 2'],
    wrong: 'iisreset.exe /noforce | Out-Null',
    right: 'Install-WindowsFeature Web-Static-Content | Out-Null',
    changed: ['applicationHost.config', 'role:Web-Static-Content', 'static.dll'],
  },
  {
    fault: { kind: 'iis-feature-missing', feature: 'Web-Asp-Net45' },
    url: '/orders/status.aspx',
    bad: [404, '404 3 50'],
    wrong: 'Restart-Service W3SVC',
    right: 'Install-WindowsFeature Web-Asp-Net45 | Out-Null',
    changed: ['applicationHost.config', 'role:Web-Asp-Net45'],
  },
  {
    fault: { kind: 'iis-config-broken', damage: 'malformed' },
    bad: [500, '500 19 13'],
    wrong: 'Restart-WebAppPool Orders',
    right: `$f = 'C:\\inetpub\\orders\\web.config'; $t = [IO.File]::ReadAllText($f); [IO.File]::WriteAllText($f, ($t -replace '</configuration\\r', "</configuration>\`r"))`,
    changed: ['orders\\web.config'],
  },
  {
    fault: { kind: 'iis-config-broken', damage: 'duplicate' },
    bad: [500, '500 19 183'],
    wrong: 'Restart-WebAppPool Orders',
    right: `Remove-Item C:\\inetpub\\orders\\web.config`,
    changed: ['orders\\web.config'],
  },
  {
    fault: { kind: 'iis-config-broken', damage: 'unknown-section' },
    bad: [500, '500 19 13'],
    wrong: 'Restart-WebAppPool Orders',
    right: `$f = 'C:\\inetpub\\orders\\web.config'; $x = [xml][IO.File]::ReadAllText($f); $n = $x.SelectSingleNode('/configuration/system.webServer/rewrite'); [void]$n.ParentNode.RemoveChild($n); [IO.File]::WriteAllText($f, $x.OuterXml)`,
    changed: ['orders\\web.config'],
  },
  {
    fault: { kind: 'iis-config-locked-section' },
    bad: [500, '500 19 33'],
    wrong: grant('IIS AppPool\\Orders'),
    right: `${appcmd} unlock config /section:system.webServer/defaultDocument | Out-Null`,
    changed: ['applicationHost.config'],
  },
  {
    fault: { kind: 'iis-unc-denied', cause: 'no-credentials' },
    url: '/files/index.htm',
    bad: [500, '500 19 5'],
    wrong: 'Restart-WebAppPool DefaultAppPool',
    right: `Set-ItemProperty 'IIS:\\Sites\\Default Web Site\\files' -Name userName -Value 'CORP\\svc-web'; Set-ItemProperty 'IIS:\\Sites\\Default Web Site\\files' -Name password -Value 'Tulip-42'`,
    changed: ['applicationHost.config'],
  },
  {
    fault: { kind: 'iis-unc-denied', cause: 'wrong-password' },
    url: '/files/index.htm',
    bad: [500, '500 19 1326'],
    wrong: `Set-ItemProperty 'IIS:\\Sites\\Default Web Site\\files' -Name password -Value 'Tulip-40'`,
    right: `Set-ItemProperty 'IIS:\\Sites\\Default Web Site\\files' -Name password -Value 'Tulip-42'`,
    changed: ['applicationHost.config'],
  },
  {
    fault: { kind: 'iis-pool-stopped', cause: 'stopped' },
    bad: [503],
    wrong: 'Start-Website "Default Web Site"',
    right: 'Start-WebAppPool Orders',
    changed: ['iis:pool:orders'],
  },
  {
    fault: { kind: 'iis-pool-stopped', cause: 'identity-invalid' },
    bad: [503],
    wrong: 'Start-WebAppPool Orders',
    right: `Set-ItemProperty IIS:\\AppPools\\Orders -Name processModel.password -Value 'Maple-17'; Start-WebAppPool Orders`,
    changed: ['applicationHost.config', 'iis:pool:orders'],
  },
  {
    fault: { kind: 'iis-pool-stopped', cause: 'module-missing' },
    bad: [503],
    wrong: 'Start-WebAppPool Orders',
    right: `Uninstall-WindowsFeature Web-Stat-Compression | Out-Null; Install-WindowsFeature Web-Stat-Compression | Out-Null; Start-WebAppPool Orders`,
    changed: ['compstat.dll', 'iis:pool:orders'],
  },
  {
    fault: { kind: 'iis-site-stopped' },
    bad: ['refused'],
    wrong: 'Restart-WebAppPool Orders',
    right: 'Start-Website "Default Web Site"',
    changed: ['iis:site:default web site'],
  },
];

describe('faults of a web server', () => {
  for (const { fault, url = '/orders/', bad, wrong, still = bad, right, changed } of rows)
    test(`${Object.values(fault).join(', ')}: the right cure helps, the wrong one does not`, async () => {
      const machine = host(fault);
      const symptom = `${ask(url)}${bad.length > 1 ? `; ${logged}` : ''}`;
      expect(await outputOf(machine, symptom)).toEqual(bad);
      const before = takeSnapshot(machine);
      expect(await outputOf(machine, `${wrong}; ${symptom}`)).toEqual(still);
      expect(await outputOf(machine, `${right}; ${ask(url)}`)).toEqual([200]);
      const differences = diffSnapshots(before, takeSnapshot(machine), machine).differences.map(({ path }) => path);
      for (const part of changed) expect(differences.filter((path) => path.endsWith(part))).not.toEqual([]);
    });

  test('a broken applicationHost.config keeps the services down until the copy of the history is put back', async () => {
    const machine = host({ kind: 'iis-config-broken', file: 'applicationHost.config' });
    const start = `try { Start-Service W3SVC -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }; (Get-Service W3SVC).Status.ToString()`;
    expect(await outputOf(machine, `${ask('/')}; ${start}`)).toEqual([
      'refused',
      'CouldNotStartService,Microsoft.PowerShell.Commands.StartServiceCommand',
      'Stopped',
    ]);
    expect(machine.events.records('System')?.findLast(({ provider }) => provider === 'Microsoft-Windows-WAS')?.id).toBe(
      5172,
    );
    const ran = await runScript(machine, 'Get-Website');
    expect(ran.errors[0]?.exception.hresult).toBe(0x8007000d | 0);
    expect(ran.errors[0]?.exception.message).toContain('Configuration file is not well-formed XML');
    expect(
      await outputOf(
        machine,
        `$h = Get-ChildItem C:\\inetpub\\history | Sort-Object Name | Select-Object -Last 1
         Copy-Item "$($h.FullName)\\applicationHost.config" C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config -Force
         ${start}; ${ask('/orders/')}`,
      ),
    ).toEqual(['Running', 200]);
  });

  test.each([
    ['no-right', [500, '500 19 5']],
    ['unreachable', [500, '500 19 53']],
  ] as const)('iis-unc-denied, %s: what this host cannot cure stays', async (cause, bad) => {
    const machine = host({ kind: 'iis-unc-denied', cause });
    const again = `Set-ItemProperty 'IIS:\\Sites\\Default Web Site\\files' -Name password -Value 'Tulip-42'; Restart-WebAppPool DefaultAppPool`;
    for (const before of ['', again])
      expect(await outputOf(machine, `${before}; ${ask('/files/')}; ${logged}`)).toEqual(bad);
  });

  test('passwords stand sealed in the file and are read back by the commands only', async () => {
    const machine = host({ kind: 'iis-unc-denied', cause: 'wrong-password' });
    const file = 'C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config';
    expect(
      await outputOf(
        machine,
        `$t = [IO.File]::ReadAllText('${file}'); $t -match 'Tulip'; $t -match 'password="\\[enc:'; (Get-WebApplication files).password`,
      ),
    ).toEqual([false, true, 'Tulip-41']);
  });
});

test('a refusal by IIS shows its code in the page, which Windows PowerShell has read to its end', async () => {
  const machine = labMachine([{ kind: 'iis-config-locked-section' }], {
    base: 'windows-server-2022',
    roles: ['web-server'],
  });
  const output = await outputOf(
    machine,
    `try { Invoke-WebRequest http://localhost/orders/ -UseBasicParsing } catch { $e = $_ }
     $e.ErrorDetails.Message -match 'HTTP Error 500.19' -and $e.ErrorDetails.Message -match '0x80070021'
     $reader = New-Object IO.StreamReader $e.Exception.Response.GetResponseStream()
     $reader.ReadToEnd(); $reader.BaseStream.Position = 0; $reader.DiscardBufferedData(); $reader.ReadToEnd() -eq $e.ErrorDetails.Message
     try { [Net.WebRequest]::Create('http://localhost/nothing').GetResponse() } catch { $r = $_.Exception.InnerException.Response }
     (New-Object IO.StreamReader $r.GetResponseStream()).ReadToEnd() -match 'HTTP Error 404.0'`,
  );
  expect(output).toEqual([true, '', true, true]);
});
