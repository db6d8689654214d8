import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Lab, startLab } from '../../../src/lab/start-lab.ts';
import { type CmdShellSettings, openCmdShell } from '../../../src/remote/transport/winrm/open-cmd-shell.ts';
import { failureOf } from '../../contract/shared-shell.ts';
import { FakeCmdHost } from '../../helpers/fake-cmd-host.ts';
import { makeCertificate } from '../../helpers/make-certificate.ts';
import { startRelay } from '../../helpers/tcp-relay.ts';
import { labPassword, startWinRmLab } from '../../helpers/winrm-lab.ts';

const password = 'Pässw0rd!';
let lab: Lab;

beforeAll(async () => {
  lab = await startLab({ spec: { kintsugi: 'lab/v1', hosts: { pc1: { base: 'windows-server-2022' } } }, password });
});
afterAll(() => lab.close());

const open = (settings: CmdShellSettings = {}, changes = {}) =>
  openCmdShell({
    host: '127.0.0.1',
    port: lab.hosts[0]?.port ?? 0,
    auth: { mechanisms: ['negotiate'], username: 'operator', password: () => password },
    connectTimeoutMs: 10_000,
    operationTimeoutMs: 20_000,
    ...settings,
    ...changes,
  });

const asText = ({ exitCode, stdout, stderr }: Awaited<ReturnType<Awaited<ReturnType<typeof open>>['run']>>) => ({
  exitCode,
  out: stdout.toString('utf8'),
  error: stderr.toString('utf8'),
});

describe('a shell for native programs', () => {
  it('runs command lines, with what they print and end with', async () => {
    await using shell = await open({ workingDirectory: 'C:\\Windows', environment: [['WHAT', 'ä コ']] });
    expect(asText(await shell.run('echo %WHAT%& cd& exit', { arguments: ['7'] }))).toEqual({
      exitCode: 7,
      out: 'ä コ\r\nC:\\Windows\r\n',
      error: '',
    });
    const unknown = asText(await shell.run('nosuch'));
    expect(unknown).toMatchObject({ exitCode: 1, out: '' });
    expect(unknown.error).toContain('nosuch');
  });

  it('runs programs at once, each with its own input and output', async () => {
    await using shell = await open();
    const counts = [10, 200_000].map((count) =>
      shell.run('powershell', { arguments: ['-NoProfile', '-'], stdin: Buffer.from(`'${'x'.repeat(count)}'.Length`) }),
    );
    expect((await Promise.all(counts)).map((result) => asText(result).out)).toEqual(['10\r\n', '200000\r\n']);
  });

  it('tells output as it comes, and terminates a program by its signal or its limit', async () => {
    await using shell = await open();
    const endless = { arguments: ['-Command', '"\'begun\'; while ($true) { Start-Sleep -Milliseconds 20 }"'] };
    const stopping = new AbortController();
    const reason = new Error('enough');
    const seen: string[] = [];
    const call = shell.run('powershell', {
      ...endless,
      signal: stopping.signal,
      onOutput: (stream, bytes) => {
        seen.push(`${stream} ${Buffer.from(bytes).toString('utf8').trim()}`);
        stopping.abort(reason);
      },
    });
    await expect(call).rejects.toBe(reason);
    expect(seen).toEqual(['stdout begun']);
    expect((await failureOf(shell.run('powershell', { ...endless, timeoutMs: 200 }))).code).toBe('timed-out');
    expect(asText(await shell.run('echo still here'))).toMatchObject({ out: 'still here\r\n' });
    await expect(shell.run('echo no', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it.each([
    ['its end', undefined],
    ['feeding it', Buffer.alloc(4_000_000)],
  ])('says of a program that was begun never that it was not, whatever keeps us from %s', async (_, stdin) => {
    const cmdHost = new FakeCmdHost();
    const users = [{ name: 'op', domain: 'LAB', password: labPassword }];
    const limits = { operationTimeoutMs: 100 };
    const { endpoint, client } = await startWinRmLab({ cmdHost, users, limits, tls: makeCertificate() });
    await using shell = await openCmdShell(client());
    const call = shell.run('long', stdin ? { stdin } : {});
    call.catch(() => undefined);
    await vi.waitFor(() => expect(cmdHost.commands).toHaveLength(1));
    users.splice(0);
    endpoint.forgetLogins();
    await expect(call).rejects.toMatchObject({ code: 'dropped', cause: { code: 'unauthenticated' } });
    await endpoint.close();
  });

  it.each([
    [
      'its signal',
      {},
      (call: Promise<unknown>, reason: Error) =>
        expect(call).rejects.toMatchObject({
          code: 'dropped',
          message: expect.stringContaining('it may have been begun'),
          facts: { cause: 'not-stopped', stopped: false },
          cause: reason,
        }),
    ],
    [
      'its limit',
      { timeoutMs: 50 },
      (call: Promise<unknown>) =>
        expect(call).rejects.toMatchObject({
          code: 'timed-out',
          message: expect.stringContaining('it may have been begun'),
          facts: { stopped: false },
        }),
    ],
  ])('is left by %s, too, while the host says nothing to the order', async (_, limit, ends) => {
    let isMute = false;
    const stopping = new AbortController();
    const reason = new Error('enough');
    const relay = await startRelay(lab.hosts[0]?.port ?? 0, (bytes, direction) => {
      if (!isMute || direction === 'toServer') return { bytes };
      if (!('timeoutMs' in limit)) stopping.abort(reason);
      return { bytes: Buffer.alloc(0) };
    });
    const shell = await open({}, { port: relay.port, stopGraceMs: 100 });
    isMute = true;
    await ends(shell.run('echo hi', { ...limit, signal: stopping.signal }), reason);
    relay.close();
    await shell.close();
  });

  it.each([
    ['before the host has accepted it', 'order'],
    ['while its input is on the way', 'input'],
  ])('is terminated if its call is left %s', async (_, when) => {
    const cmdHost = new FakeCmdHost();
    let arrived: () => void = () => undefined;
    const pausing = new Promise<void>((resolve) => (arrived = resolve));
    let goOn: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    let isGated = false;
    const { endpoint, client } = await startWinRmLab({
      cmdHost,
      onRequest: async () => {
        if (isGated && (when === 'order' || cmdHost.commands.length > 0)) {
          isGated = false;
          arrived();
          await gate;
        }
        return 'answer';
      },
    });
    await using shell = await openCmdShell(client());
    const stopping = new AbortController();
    isGated = true;
    const reason = new Error('enough');
    const call = shell.run('long', { signal: stopping.signal, stdin: Buffer.alloc(1_000_000) });
    call.catch(() => undefined);
    await pausing;
    stopping.abort(reason);
    goOn();
    await expect(call).rejects.toBe(reason);
    expect(cmdHost.commands.map(({ killed }) => killed)).toEqual([true]);
    await endpoint.close();
  });

  it.each(['its signal', 'its limit'])(
    'ends by %s within its time, though the host does not confirm it',
    async (by) => {
      const cmdHost = new FakeCmdHost();
      const { endpoint, client } = await startWinRmLab({ cmdHost, limits: { operationTimeoutMs: 100 } });
      let isMute = false;
      const relay = await startRelay(endpoint.port, (bytes, direction) => ({
        bytes: isMute && direction === 'toClient' ? Buffer.alloc(0) : bytes,
      }));
      // Without its limit the host would be waited for as long as for any answer.
      const shell = await openCmdShell(client({ port: relay.port, stopGraceMs: 100, answerMarginMs: 600_000 }));
      const stopping = new AbortController();
      const call = shell.run('long', by === 'its limit' ? { timeoutMs: 300 } : { signal: stopping.signal });
      call.catch(() => undefined);
      await vi.waitFor(() => expect(cmdHost.commands).toHaveLength(1));
      isMute = true;
      if (by === 'its signal') stopping.abort(new Error('enough'));
      const code = by === 'its limit' ? 'timed-out' : 'dropped';
      await expect(call).rejects.toMatchObject({ code, facts: { stopped: false } });
      relay.close();
      await shell.close();
      await endpoint.close();
    },
  );

  it('leaves nothing that keeps the process up when a program ends before it has read its input', async () => {
    const cmdHost = new FakeCmdHost();
    let isFed: () => void = () => undefined;
    const feeding = new Promise<void>((resolve) => (isFed = resolve));
    let goOn: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    let isFirst = true;
    const { endpoint, client } = await startWinRmLab({
      cmdHost,
      onRequest: async () => {
        if (isFirst && cmdHost.commands.length > 0) {
          isFirst = false;
          isFed();
          await gate;
        }
        return 'answer';
      },
    });
    const stopGraceMs = 1_234_567;
    const shell = await openCmdShell(client({ stopGraceMs }));
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const call = shell.run('short', { stdin: Buffer.alloc(10) });
    await feeding;
    cmdHost.commands[0]?.end(3);
    expect((await call).exitCode).toBe(3);
    goOn();
    await shell.close();
    expect(timers.mock.calls.filter(([, ms]) => ms === stopGraceMs)).toEqual([]);
    timers.mockRestore();
    await endpoint.close();
  });

  it('that cannot be opened has run nothing, whatever was lost', async () => {
    // By Basic the request that opens it is the first one, and is lost.
    const tls = makeCertificate();
    const { endpoint, client } = await startWinRmLab({
      cmdHost: new FakeCmdHost(),
      tls,
      onRequest: async () => 'lose',
    });
    const auth = { ...client().auth, mechanisms: ['basic'] as const };
    const failure = await failureOf(openCmdShell(client({ auth, recoverMs: 50 })));
    expect(failure).toMatchObject({ code: 'unreachable', message: expect.stringContaining('could not be opened') });
    await endpoint.close();
  });

  it('refuses calls when it is closed, and a login that is wrong', async () => {
    const shell = await open();
    await Promise.all([shell.close(), shell.close()]);
    expect((await failureOf(shell.run('echo'))).code).toBe('unreachable');
    const auth = { mechanisms: ['negotiate'], username: 'operator', password: () => 'no' };
    expect((await failureOf(open({}, { auth }))).code).toBe('unauthenticated');
  });
});
