import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../../../../src/lab/faults/faults.ts';
import { unexpectedDifferences } from '../../../../../src/lab/windows/allowed-differences.ts';
import type { Machine } from '../../../../../src/lab/windows/machine/machine.ts';
import { diffSnapshots, takeSnapshot } from '../../../../../src/lab/windows/machine/snapshot.ts';
import { labMachine, outputOf, runScript } from '../run-script.ts';

const server = (faults: readonly FaultSpec[] = []): Machine =>
  labMachine(faults, { base: 'windows-server-2022', roles: ['web-server'] });

const ask = (path: string): string => `
  try { $r = Invoke-WebRequest "http://localhost${path}" -UseBasicParsing; [int]$r.StatusCode }
  catch [System.Net.WebException] { if ($_.Exception.Response) { [int]$_.Exception.Response.StatusCode } else { 'refused' } }`;
/** The last line of today's log: status, substatus, Win32 code. */
const logged = `(Get-ChildItem C:\\inetpub\\logs\\LogFiles\\W3SVC1\\*.log | Select-Object -Last 1 | Get-Content | Select-Object -Last 1).Split(' ')[11..13] -join ' '`;
describe('a web server', () => {
  test('answers with its start page and writes its log', async () => {
    expect(await outputOf(server(), `${ask('/')}; ${ask('/nothing.htm')}; ${logged}`)).toEqual([200, 404, '404 0 2']);
  });

  test('starts one site only of those with the same binding', async () => {
    const machine = server();
    const states = `(Get-Website | ForEach-Object { $_.State }) -join ' '`;
    await outputOf(machine, `New-Website -Name dup -Port 80 -PhysicalPath C:\\inetpub\\wwwroot -Force | Out-Null`);
    expect(await outputOf(machine, states)).toEqual(['Started Stopped']);
    const refused = await runScript(machine, `Start-Website dup`);
    expect((refused.errors[0]?.exception.hresult ?? 0) >>> 0).toBe(0x800700b7);
    expect(
      await outputOf(
        machine,
        `(& $env:windir\\System32\\inetsrv\\appcmd.exe start site dup) -join '' -match '800700b7'; ${states}; Stop-Website 'Default Web Site'; Start-Website dup; ${states}; Start-Website 'Default Web Site' -ErrorAction SilentlyContinue; ${states}
         Restart-Service W3SVC; ${states}`,
      ),
    ).toEqual([true, 'Started Stopped', 'Stopped Started', 'Stopped Started', 'Started Stopped']);
  });

  test('shows sites, pools and bindings by its cmdlets, its drive and appcmd', async () => {
    const output = await outputOf(
      server(),
      `Import-Module WebAdministration -ErrorAction SilentlyContinue
       $s = Get-Website; $s.Name; $s.Id; $s.State; $s.PhysicalPath; (Get-WebBinding).bindingInformation
       (Get-Item 'IIS:\\AppPools\\DefaultAppPool').State; (Get-ItemProperty IIS:\\AppPools\\DefaultAppPool -Name queueLength).Value
       (Get-ChildItem IIS:\\Sites).Name
       & $env:windir\\System32\\inetsrv\\appcmd.exe list site; $LASTEXITCODE`,
    );
    expect(output).toEqual([
      'Default Web Site',
      { kind: 'integer', type: 'Int64', value: 1n },
      'Started',
      '%SystemDrive%\\inetpub\\wwwroot',
      '*:80:',
      'Started',
      { kind: 'integer', type: 'Int64', value: 1000n },
      'Default Web Site',
      'SITE "Default Web Site" (id:1,bindings:http/*:80:,state:Started)',
      0,
    ]);
  });

  test('reads and writes configuration at each level, and undoes it to the same bytes', async () => {
    const machine = server();
    const before = takeSnapshot(machine);
    const output = await outputOf(
      machine,
      `$f = 'system.webServer/directoryBrowse'
       (Get-WebConfigurationProperty -Filter $f -Name enabled).Value
       Set-WebConfigurationProperty -Filter $f -Name enabled -Value $true -PSPath 'MACHINE/WEBROOT/APPHOST/Default Web Site'
       Test-Path C:\\inetpub\\wwwroot\\web.config
       (Get-WebConfigurationProperty -Filter $f -Name enabled -PSPath 'IIS:\\Sites\\Default Web Site').Value
       (Get-WebConfigurationProperty -Filter $f -Name enabled).Value
       Set-WebConfigurationProperty -Filter '/system.applicationHost/applicationPools/add[@name="DefaultAppPool"]' -Name recycling.periodicRestart.privateMemory -Value 0
       (Get-ItemProperty IIS:\\AppPools\\DefaultAppPool -Name recycling.periodicRestart.time).Value.TotalMinutes
       (Get-ItemProperty IIS:\\AppPools\\DefaultAppPool -Name processModel.identityType)
       (Get-WebHandler -Name StaticFile).Modules
       Remove-Item C:\\inetpub\\wwwroot\\web.config`,
    );
    expect(output).toEqual([
      false,
      true,
      true,
      false,
      { kind: 'float', type: 'Double', value: 1740 },
      'ApplicationPoolIdentity',
      'StaticFileModule,DefaultDocumentModule,DirectoryListingModule',
    ]);
    expect(
      diffSnapshots(before, takeSnapshot(machine), machine)
        .differences.map(({ path }) => path)
        .filter((path) => !path.includes('\\inetpub\\history')),
    ).toEqual(['file:C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config']);
  });

  test('a locked section refuses to be set below', async () => {
    const ran = await runScript(
      server(),
      `Set-WebConfigurationProperty -Filter system.webServer/security/authentication/anonymousAuthentication -Name enabled -Value $false -PSPath 'IIS:\\Sites\\Default Web Site'`,
    );
    expect(ran.errors.map(({ exception }) => [exception.type, exception.hresult])).toEqual([
      ['System.Runtime.InteropServices.COMException', 0x80070021 | 0],
    ]);
  });

  test('backups of the configuration are made, listed and put back by cmdlets and by appcmd', async () => {
    const machine = server();
    const appcmd = '& C:\\Windows\\System32\\inetsrv\\appcmd.exe';
    expect(
      await outputOf(
        machine,
        `(Backup-WebConfiguration -Name before).Name; ${appcmd} list backup; ${appcmd} add backup before; $LASTEXITCODE
         New-WebAppPool Orders | Out-Null; (Get-ChildItem IIS:\\AppPools).Name -join ','
         Restore-WebConfiguration -Name before; (Get-ChildItem IIS:\\AppPools).Name -join ','; (Get-Service W3SVC).Status.ToString()
         Remove-WebConfigurationBackup -Name before; @(Get-WebConfigurationBackup).Count`,
      ),
    ).toEqual([
      'before',
      'BACKUP "before"',
      'ERROR ( message:Backup with name "before" already exists. )',
      183,
      'DefaultAppPool,Orders',
      'DefaultAppPool',
      'Running',
      0,
    ]);
  });

  test('pools have virtual accounts with the SIDs that Windows computes', async () => {
    expect(
      await outputOf(
        server(),
        `([System.Security.Principal.NTAccount]'IIS AppPool\\DefaultAppPool').Translate([System.Security.Principal.SecurityIdentifier]).Value`,
      ),
    ).toEqual(['S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415']);
  });

  test('without the role nobody knows its commands', async () => {
    const ran = await runScript(labMachine([], { base: 'windows-server-2022' }), 'Get-Website');
    expect(ran.end.kind === 'failed' ? ran.end.error.id : ran.errors[0]?.id).toBe('CommandNotFoundException');
  });

  test('a client gets it as optional features', async () => {
    expect(
      await outputOf(
        labMachine(),
        `(Get-WindowsOptionalFeature -Online -FeatureName IIS-WebServerRole).State
         Enable-WindowsOptionalFeature -Online -FeatureName IIS-WebServerRole -All -NoRestart | Out-Null
         (Get-WindowsOptionalFeature -Online -FeatureName IIS-StaticContent).State; ${ask('/')}`,
      ),
    ).toEqual(['Disabled', 'Enabled', 200]);
  });

  test('what was set is taken back without a trace', async () => {
    const machine = server();
    const before = takeSnapshot(machine);
    await outputOf(
      machine,
      `$p = '/system.applicationHost/applicationPools/add[@name="DefaultAppPool"]'
       Set-WebConfigurationProperty -Filter $p -Name recycling.periodicRestart.privateMemory -Value 4000000
       Set-WebConfigurationProperty -Filter $p -Name queueLength -Value 2000
       Set-ItemProperty IIS:\\AppPools\\DefaultAppPool -Name processModel.idleTimeout -Value ([TimeSpan]::Zero)
       Add-WebConfigurationProperty -Filter system.webServer/defaultDocument/files -Name . -Value @{ value = 'home.htm' }
       Remove-WebConfigurationProperty -Filter $p -Name recycling.periodicRestart.privateMemory
       Remove-WebConfigurationProperty -Filter $p -Name queueLength
       Remove-WebConfigurationProperty -Filter $p -Name processModel.idleTimeout
       Remove-WebConfigurationProperty -Filter system.webServer/defaultDocument/files -Name . -AtElement @{ value = 'home.htm' }`,
    );
    expect(unexpectedDifferences(diffSnapshots(before, takeSnapshot(machine), machine).differences)).toEqual([]);
  });

  test('tells sites apart by port and by the name that was asked for', async () => {
    expect(
      await outputOf(
        server(),
        `New-Item C:\\sites\\shop -ItemType Directory | Out-Null; Set-Content C:\\sites\\shop\\index.html 'shop'
         New-WebAppPool Shop | Out-Null; New-Website -Name Shop -HostHeader shop.example -PhysicalPath C:\\sites\\shop -ApplicationPool Shop | Out-Null
         (Invoke-WebRequest http://localhost/ -UseBasicParsing -Headers @{ Host = 'shop.example' }).Content.Trim()
         New-WebVirtualDirectory -Site Shop -Name docs -PhysicalPath C:\\inetpub\\wwwroot; (Get-WebVirtualDirectory -Site Shop).path
         Stop-Website Shop; (Get-WebsiteState Shop).Value; ${ask('/')}; ${ask(':8081/')}; Remove-Website Shop; (Get-Website).Name`,
      ),
    ).toEqual(['shop', '/docs', 'Stopped', 200, 'refused', 'Default Web Site']);
  });

  test('says in English and Japanese Windows alike what it is, and stands on every server and client', async () => {
    for (const base of ['windows-server-2019', 'windows-server-2025', 'windows-10-22h2'] as const)
      expect(
        await outputOf(
          labMachine([], { base, roles: ['web-server'], uiLanguage: 'ja-JP' }),
          `(Get-Website).State; ${ask('/')}`,
        ),
      ).toEqual(['Started', 200]);
  });
});
