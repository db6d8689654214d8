import { afterEach, describe, expect, it } from 'vitest';
import type { DisturbanceSpec } from '../../../src/lab/disturbances/disturbance-spec.ts';
import { type Lab, type LabHost, startLab } from '../../../src/lab/start-lab.ts';
import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import { failureOf } from '../../contract/shared-shell.ts';

describe('a host of a lab that is disturbed', () => {
  let lab: Lab | undefined;
  afterEach(() => lab?.close());

  const start = async (...disturbances: DisturbanceSpec[]): Promise<LabHost> => {
    const hosts = { w11: { base: 'windows-11-24h2', disturbances } } as const;
    lab = await startLab({ spec: { kintsugi: 'lab/v1', hosts }, password: 'x' });
    const [host] = lab.hosts;
    if (host === undefined) throw new Error('the lab has no host');
    return host;
  };
  const open = (host: LabHost, recoverMs = 5_000): Promise<RemoteShell> =>
    openWinRmShell({
      host: host.address,
      port: host.port,
      auth: { mechanisms: ['negotiate'], username: 'operator', password: () => 'x' },
      connectTimeoutMs: 5_000,
      operationTimeoutMs: 20_000,
      recoverMs,
    });
  const made = (host: LabHost): string[] =>
    ['1', '2', '3'].filter((n) => host.machine.files.exists(`C:\\Temp\\${n}.txt`));
  const three = {
    kind: 'script',
    text: "$null = New-Item C:\\Temp -ItemType Directory -Force; foreach ($n in 1, 2, 3) { Set-Content C:\\Temp\\$n.txt x }; 'done'",
  } as const;

  it('answers on another connection what was cut with the answer lost, and has done it once', async () => {
    const host = await start(
      { kind: 'connection-cut', at: { change: 2 } },
      { kind: 'connection-cut', at: { request: 6 } },
    );
    await using shell = await open(host);
    expect((await shell.invoke(three)).output).toEqual(['done']);
    expect(made(host)).toEqual(['1', '2', '3']);
  });

  it('restarts with a change, and the script that made it ends there', async () => {
    // The folder and the files count, each where a script makes it.
    const host = await start({ kind: 'restart', at: { change: 3 } });
    await using shell = await open(host);
    expect((await failureOf(shell.invoke(three))).code).toBe('dropped');
    await host.ready();
    expect(host.machine.power.boots).toBe(1);
    expect(made(host).length).toBeLessThan(3);
    await using next = await open(host);
    expect((await next.invoke({ kind: 'script', text: '1' })).output).toEqual([1]);
  });

  it('goes down for good', async () => {
    const host = await start({ kind: 'no-return', at: { change: 1 } });
    const shell = await open(host, 200);
    expect((await failureOf(shell.invoke(three))).code).toBe('dropped');
    expect((await failureOf(open(host, 200))).code).toBe('unreachable');
    await shell.close();
  });

  it('has no room left from a moment on', async () => {
    const host = await start({ kind: 'disk-filled', at: { change: 1 }, freeMB: 1 });
    await using shell = await open(host);
    const { output } = await shell.invoke({
      kind: 'script',
      text: '$null = New-Item C:\\Temp -ItemType Directory; (Get-CimInstance Win32_LogicalDisk -Filter "DeviceID=\'C:\'").FreeSpace -le 1MB',
    });
    expect(output).toEqual([true]);
  });

  it('restarts at a moment of its own time', async () => {
    const host = await start({ kind: 'restart', at: { minutes: 90 } });
    await using shell = await open(host);
    expect((await shell.invoke({ kind: 'script', text: 'Start-Sleep -Seconds 3600; 1' })).output).toEqual([1]);
    expect((await failureOf(shell.invoke({ kind: 'script', text: 'Start-Sleep -Seconds 3600; 2' }))).code).toBe(
      'dropped',
    );
    expect(host.machine.power.boots).toBe(1);
  });

  it.each(['Stop-Service -Name Spooler', 'sc.exe query Spooler', '& $env:windir\\System32\\SC.EXE query Spooler'])(
    'does not come to an end with %s, until it is stopped',
    async (text) => {
      const host = await start(
        { kind: 'command-hangs', command: 'Stop-Service', call: 2 },
        { kind: 'command-hangs', command: 'sc', call: 2 },
      );
      await using shell = await open(host);
      const call = { kind: 'script', text } as const;
      await shell.invoke(call);
      const stop = new AbortController();
      const hanging = shell.invoke(
        { kind: 'script', text: `'now'; Write-Progress now; ${text}; 'after'` },
        {
          signal: stop.signal,
          onStream: () => setImmediate(() => stop.abort(new Error('enough'))),
        },
      );
      await expect(hanging).rejects.toThrow('enough');
      expect((await shell.invoke(call)).errors).toEqual([]);
    },
  );

  it('refuses sessions for want of quota, so many times', async () => {
    const host = await start({ kind: 'session-refused', times: 2 });
    for (const _ of [1, 2])
      expect(await failureOf(open(host))).toMatchObject({ code: 'unreachable', facts: { cause: 'quota' } });
    await using shell = await open(host);
    expect((await shell.invoke({ kind: 'script', text: '1' })).output).toEqual([1]);
  });
});
