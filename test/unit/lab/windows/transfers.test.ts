import { describe, expect, test } from 'vitest';
import { restarted } from './restarted.ts';
import { labMachine, outputOf, runScript } from './run-script.ts';

const url = 'http://go.microsoft.com/fwlink/x';
/** A machine at which the caller is logged on. */
const attended = (...parameters: Parameters<typeof labMachine>) => {
  const machine = labMachine(...parameters);
  machine.users.signIn(machine.accounts[0]!, 'console');
  return machine;
};

describe('BITS', () => {
  test('holds its queue while it runs', async () => {
    const machine = labMachine();
    const rename = 'Rename-Item C:\\ProgramData\\Microsoft\\Network\\Downloader\\qmgr.db qmgr.old';
    const refused = await runScript(machine, `Start-Service BITS; ${rename}`);
    expect(refused.errors[0]?.id).toBe('RenameItemIOError,Microsoft.PowerShell.Commands.RenameItemCommand');
    await outputOf(machine, `Stop-Service BITS; ${rename}`);
    await outputOf(machine, `Start-Service BITS`);
    await restarted(machine);
    await outputOf(machine, `Remove-Item C:\\ProgramData\\Microsoft\\Network\\Downloader\\qmgr.db`);
  });

  test('takes no job of somebody who is not logged on at the machine', async () => {
    const machine = labMachine();
    const start = `Start-BitsTransfer -Source '${url}' -Destination C:\\got.bin`;
    for (const logon of ['network', 'service'] as const) {
      const ran = await runScript(machine, start, logon);
      const error = ran.end.kind === 'failed' ? ran.end.error : ran.errors[0];
      expect((error?.exception.hresult ?? 0) >>> 0).toBe(0x800704dd);
    }
    machine.users.signIn(machine.accounts[0]!, 'console');
    expect(await outputOf(machine, `${start}; Test-Path C:\\got.bin; @(Get-BitsTransfer).Count`)).toEqual([true, 0]);
  });

  test('works on a job in the background, and completing it lays its file', async () => {
    const machine = attended();
    expect(
      await outputOf(
        machine,
        `$j = Start-BitsTransfer -Source '${url}' -Destination C:\\got.bin -Asynchronous
         "$($j.JobState) $(Test-Path C:\\got.bin)"; Start-Sleep 5; "$($j.JobState) $(Test-Path C:\\got.bin)"
         Complete-BitsTransfer $j; (Get-Item C:\\got.bin).Length; @(Get-BitsTransfer).Count`,
      ),
    ).toEqual(['Queued False', 'Transferred False', expect.objectContaining({ value: 1024n }), 0]);
  });

  test('goes on with a suspended job, and tells what went wrong', async () => {
    const machine = attended([{ kind: 'dns-broken', how: 'servers-dead' }]);
    expect(
      await outputOf(
        machine,
        `$j = Start-BitsTransfer -Source '${url}' -Destination C:\\got.bin -Asynchronous; Suspend-BitsTransfer $j; Start-Sleep 5; [string]$j.JobState
         Resume-BitsTransfer $j -Asynchronous; Start-Sleep 60; "$($j.JobState) 0x{0:X8}" -f $j.InternalErrorCode`,
      ),
    ).toEqual(['Suspended', 'TransientError 0x80072EE7']);
    await machine.network.setServers([[...machine.network.nameServers.keys()][0]!], 4);
    expect(await outputOf(machine, `Get-BitsTransfer | Resume-BitsTransfer; Test-Path C:\\got.bin`)).toEqual([true]);
  });

  test('leaves a job queued while the service is stopped, and goes on with it when it starts', async () => {
    const machine = attended();
    await outputOf(
      machine,
      `[void](Start-BitsTransfer -Source '${url}' -Destination C:\\got.bin -Asynchronous); Stop-Service BITS; Start-Sleep 60`,
    );
    expect(machine.transfers.jobs()).toMatchObject([{ state: 'Queued' }]);
    expect(
      await outputOf(machine, 'Start-Service BITS; Start-Sleep 60; (Get-BitsTransfer).JobState.ToString()'),
    ).toEqual(['Transferred']);
  });
});

describe('the cache of the resolver', () => {
  const search = `(Resolve-DnsName slscr.update.microsoft.com).Count -gt 0`;
  const failing = `try { ${search.replace(')', ' -ErrorAction Stop)')} } catch { 'missing' }`;

  test('remembers for seconds that there is no such name, longer where it is set', async () => {
    const machine = labMachine();
    const { sites } = machine.network;
    machine.network.sites = [];
    expect(await outputOf(machine, failing)).toEqual(['missing']);
    machine.network.sites = sites;
    expect(await outputOf(machine, `Start-Sleep 3; ${failing}; Start-Sleep 4; ${failing}`)).toEqual(['missing', true]);
  });

  test('is gone after a restart', async () => {
    const machine = labMachine([{ kind: 'dns-broken', how: 'stale-cache' }]);
    expect(await outputOf(machine, `Start-Sleep 3600; ${failing}`)).toEqual(['missing']);
    await restarted(machine);
    expect(await outputOf(machine, failing)).toEqual([true]);
  });
});
