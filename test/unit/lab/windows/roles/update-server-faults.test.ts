import { describe, expect, test } from 'vitest';
import { outputOf, runScript } from '../run-script.ts';
import { api, client, host, lastSync, sql, sync, util } from './update-server-host.ts';

describe('faults of an update server', () => {
  test.each([
    [
      'proxy-wrong',
      'Restart-Service WsusService',
      `$c = (Get-WsusServer).GetConfiguration(); $c.ProxyName = 'proxy.corp.example'; $c.Save()`,
    ],
    [
      'upstream-wrong',
      'Restart-WebAppPool WsusPool',
      `$c = (Get-WsusServer).GetConfiguration(); $c.UpstreamWsusServerName = 'wsus01.corp.example'; $c.Save()`,
    ],
  ] as const)('wsus-sync-failed, %s', async (cause, wrong, right) => {
    const machine = host({ kind: 'wsus-sync-failed', cause });
    expect(await outputOf(machine, `$i = ${lastSync}; $i.Result.ToString(); $i.Error.ToString()`)).toEqual([
      'Failed',
      'NotReachable',
    ]);
    expect(await outputOf(machine, `${wrong}; ${sync}`)).toEqual(['Failed']);
    expect(await outputOf(machine, `${right}; ${sync}`)).toEqual(['Succeeded']);
  });

  test('a synchronization goes over the network of the machine, with the proxy of the server', async () => {
    const broken = host({ kind: 'dns-broken', how: 'servers-dead' });
    expect(await outputOf(broken, sync)).toEqual(['Failed']);
    await broken.network.setServers([], 4);
    expect(await outputOf(broken, sync)).toEqual(['Succeeded']);
    const direct = host({ kind: 'wsus-sync-failed', cause: 'proxy-wrong' });
    const off = `$c = (Get-WsusServer).GetConfiguration(); $c.UseProxy = $false; $c.Save()`;
    expect(await outputOf(direct, `${off}; ${sync}`)).toEqual(['Failed']);
    const lost = host({ kind: 'wsus-sync-failed', cause: 'source-unreachable' });
    expect(await outputOf(lost, sync)).toEqual(['Failed']);
    lost.network.sites = host().network.sites;
    expect(await outputOf(lost, sync)).toEqual(['Succeeded']);
  });

  test('wsus-pool-memory: the pool does not stay up until its limit is raised', async () => {
    const machine = host({ kind: 'wsus-pool-memory' });
    expect(await outputOf(machine, `${client}; ${api}; (Get-WebAppPoolState WsusPool).Value`)).toEqual([
      503,
      'WebException',
      'Stopped',
    ]);
    expect(
      await outputOf(machine, `Start-WebAppPool WsusPool; ${client}; (Get-WebAppPoolState WsusPool).Value`),
    ).toEqual([503, 'Stopped']);
    expect(machine.events.records('System')?.at(-1)?.id).toBe(5002);
    const raise = `Set-WebConfigurationProperty -Filter "/system.applicationHost/applicationPools/add[@name='WsusPool']" -Name recycling.periodicRestart.privateMemory -Value 0`;
    expect(await outputOf(machine, `${raise}; ${client}; Start-WebAppPool WsusPool; ${client}; ${api}`)).toEqual([
      503, 200, 36,
    ]);
  });

  test('wsus-pool-memory, queue: memory does not help, a longer queue does', async () => {
    const machine = host({ kind: 'wsus-pool-memory', cause: 'queue' });
    const set = (name: string, value: number): string =>
      `Set-ItemProperty IIS:\\AppPools\\WsusPool -Name ${name} -Value ${value}`;
    expect(
      await outputOf(machine, `${client}; ${set('recycling.periodicRestart.privateMemory', 0)}; ${client}`),
    ).toEqual([503, 503]);
    expect(await outputOf(machine, `${set('queueLength', 2000)}; ${client}`)).toEqual([200]);
  });

  test('wsus-superseded-piled-up: the cleanup declines only what an approved update replaces, declining one by one does the rest', async () => {
    const machine = host({ kind: 'wsus-superseded-piled-up', superseded: 240, expired: 5 });
    const count = `@((Get-WsusServer).GetUpdates() | Where-Object { $_.IsSuperseded -and -not $_.IsDeclined }).Count`;
    const [piled] = await outputOf(machine, count);
    expect(piled).toBeGreaterThan(240);
    expect(await outputOf(machine, `Invoke-WsusServerCleanup -DeclineSupersededUpdates`)).toEqual([
      'Obsolete Updates Declined:4',
    ]);
    expect(await outputOf(machine, `Invoke-WsusServerCleanup -DeclineExpiredUpdates`)).toEqual([
      'Expired Updates Declined:5',
    ]);
    expect(
      await outputOf(
        machine,
        `(Get-WsusServer).GetUpdates() | Where-Object { $_.IsSuperseded -and -not $_.IsDeclined -and -not $_.IsApproved } | ForEach-Object { $_.Decline() }; ${count}`,
      ),
    ).toEqual([7]);
  });

  test('wsus-db-large: the cleanup times out until the database has its indexes and is rebuilt', async () => {
    const machine = host({ kind: 'wsus-db-large', obsolete: 1500, sizeGB: 6 });
    const clean = 'Invoke-WsusServerCleanup -CleanupObsoleteUpdates';
    const ran = await runScript(machine, clean);
    expect(ran.errors.map(({ exception }) => [exception.type, exception.properties['Number']])).toEqual([
      ['System.Data.SqlClient.SqlException', -2],
    ]);
    const left = machine.wsus.database.obsolete().length;
    expect(left).toBeGreaterThan(800);
    const size = `${sql('SELECT SUM(size)*8/1024 FROM sys.database_files')}; [int]$q.ExecuteScalar()`;
    expect(await outputOf(machine, size)).toEqual([6144]);
    expect(
      await outputOf(
        machine,
        `New-Item C:\\backup -ItemType Directory | Out-Null; & icacls.exe C:\\backup /grant '*S-1-1-0:(OI)(CI)F' /q | Out-Null
         ${sql("BACKUP DATABASE SUSDB TO DISK='C:\\backup\\susdb.bak'")}; [void]$q.ExecuteNonQuery()
         $q.CommandText = 'CREATE NONCLUSTERED INDEX nclLocalizedPropertyID ON dbo.tbLocalizedPropertyForRevision (LocalizedPropertyID)'; [void]$q.ExecuteNonQuery()
         $q.CommandText = 'CREATE NONCLUSTERED INDEX nclSupercededUpdateID ON dbo.tbRevisionSupersedesUpdate (SupersededUpdateID)'; [void]$q.ExecuteNonQuery()
         $q.CommandText = "exec sp_MSforeachtable 'ALTER INDEX ALL ON ? REBUILD'"; [void]$q.ExecuteNonQuery(); $c.Close(); ${clean}`,
      ),
    ).toEqual([`Obsolete Updates Deleted:${left}`]);
    expect(machine.wsus.database.obsolete()).toEqual([]);
    // Deletions come back from the backup only.
    await outputOf(
      machine,
      `Stop-Service WsusService; ${sql("RESTORE DATABASE SUSDB FROM DISK='C:\\backup\\susdb.bak'")}; [void]$q.ExecuteNonQuery(); Start-Service WsusService`,
    );
    expect(machine.wsus.database.obsolete()).toHaveLength(left);
  });

  test('a backup of the database needs a folder that the service may write', async () => {
    const ran = await runScript(
      host(),
      `New-Item C:\\closed -ItemType Directory | Out-Null; & icacls.exe C:\\closed /inheritance:r /grant '*S-1-5-18:(OI)(CI)F' /q | Out-Null
       ${sql("BACKUP DATABASE SUSDB TO DISK='C:\\closed\\susdb.bak'")}; try { $q.ExecuteNonQuery() } catch { $_.Exception.InnerException.Number }`,
    );
    expect(ran.output).toEqual([3201]);
  });

  test.each([['backup', 'good'] as const, ['none', '3201'] as const, ['text', '3241'] as const])(
    'a file is read through as a backup: %s',
    async (what, told) => {
      const make = {
        backup: `& icacls.exe C:\\b /grant '*S-1-1-0:(OI)(CI)F' /q | Out-Null; $q.CommandText = "BACKUP DATABASE [SUSDB] TO DISK = N'C:\\b\\x.bak' WITH COPY_ONLY, CHECKSUM"; [void]$q.ExecuteNonQuery()`,
        none: '',
        text: 'Set-Content C:\\b\\x.bak nothing',
      }[what];
      expect(
        await outputOf(
          host(),
          `New-Item C:\\b -ItemType Directory | Out-Null; ${sql('SELECT 1')}; ${make}
         $q.CommandText = "RESTORE VERIFYONLY FROM DISK = N'C:\\b\\x.bak' WITH CHECKSUM"
         try { [void]$q.ExecuteNonQuery(); 'good' } catch { "$($_.Exception.InnerException.Number)" }`,
        ),
      ).toEqual([told]);
    },
  );

  test.each([
    ['files-gone', undefined],
    ['files-empty', undefined],
    ['acl-broken', `& icacls.exe C:\\WSUS\\WsusContent /grant '*S-1-5-20:(OI)(CI)F' /q | Out-Null`],
    ['folder-gone', `Rename-Item C:\\WSUS\\WsusContent.old WsusContent`],
  ] as const)(
    'wsus-content-missing, %s: reset fetches what is missing once path and rights are right',
    async (cause, first) => {
      const machine = host({ kind: 'wsus-content-missing', cause });
      const reset = `${util} reset; Start-Sleep -Seconds 1200`;
      expect(machine.wsus.missingFiles()).toHaveLength(6);
      if (first !== undefined) {
        await outputOf(machine, reset);
        expect(machine.wsus.missingFiles()).toHaveLength(6);
        expect(machine.events.records('Application')?.at(-1)?.id).toBe(364);
      }
      expect(
        await outputOf(
          machine,
          `${first ?? ''}; ${reset}; $p = (Get-WsusServer).GetContentDownloadProgress(); $p.TotalBytesToDownload -eq $p.DownloadedBytes; ${util} checkhealth | Out-Null`,
        ),
      ).toEqual([true]);
      expect(machine.wsus.missingFiles()).toEqual([]);
      expect(machine.events.records('Application')?.at(-1)?.id).toBe(10_000);
    },
  );

  test('wsus-service-stopped: pages answer without the service, nothing without the database', async () => {
    const start = (name: string): string => `& sc.exe config '${name}' start= auto | Out-Null; Start-Service '${name}'`;
    const service = host({ kind: 'wsus-service-stopped' });
    expect(await outputOf(service, `${client}; ${util} checkhealth; $LASTEXITCODE`)).toEqual([
      200,
      'Fatal Error: The WSUS service is not running.',
      1,
    ]);
    expect(await outputOf(service, `${start('WsusService')}; ${util} checkhealth | Out-Null; $LASTEXITCODE`)).toEqual([
      0,
    ]);
    const database = host({ kind: 'wsus-service-stopped', service: 'database' });
    expect(await outputOf(database, `${api}; Restart-Service WsusService; ${api}`)).toEqual([
      'SqlException',
      'SqlException',
    ]);
    expect(await outputOf(database, `${start('MSSQL$MICROSOFT##WID')}; ${api}`)).toEqual([36]);
  });
});
