import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { faultCodes } from '../../../src/remote/protocol/wsman/fault-codes.ts';
import { makeCertificate } from '../../helpers/make-certificate.ts';
import { startRelay } from '../../helpers/tcp-relay.ts';
import { labPassword } from '../../helpers/winrm-lab.ts';
import { between, closeAll, echo, endless, open, ranOf, startLab, under } from './troubled-lab.ts';

afterEach(closeAll);

describe('WinRM that is restarted', () => {
  it('between two calls has run nothing of the second', async () => {
    const lab = await startLab();
    const call = between(await open(lab), () => lab.endpoint.restart());
    await expect(call).rejects.toMatchObject({ facts: { cause: 'session-gone' } });
    expect(ranOf(lab)).toBe(1);
  });

  it('under a script has ended it, somewhere', async () => {
    const lab = await startLab();
    const shell = await open(lab);
    const call = under(shell, () => lab.endpoint.restart());
    await expect(call).rejects.toMatchObject({ code: 'dropped', facts: { cause: 'session-gone' } });
    await expect(shell.invoke(echo(1))).rejects.toMatchObject({ code: 'unreachable' });
    expect(ranOf(lab)).toBe(1);
  });
});

describe('a host that is restarted under a script', () => {
  it('is waited for, and then says that the session is gone', async () => {
    const lab = await startLab();
    const relay = await startRelay(lab.endpoint.port);
    const shell = await open(lab, { port: relay.port });
    let back: Promise<unknown> = Promise.resolve();
    const call = under(shell, () => {
      lab.endpoint.setReachable(false);
      // The host is seen to be away, then it comes back without its sessions.
      const before = relay.connections;
      back = vi
        .waitFor(() => expect(relay.connections).toBeGreaterThan(before + 1))
        .then(() => {
          lab.endpoint.restart();
          lab.endpoint.setReachable(true);
        });
    });
    await expect(call).rejects.toMatchObject({ code: 'dropped', facts: { cause: 'session-gone' } });
    await back;
  });

  it('is given up after the time that it is looked for', async () => {
    const lab = await startLab();
    const call = under(await open(lab, { recoverMs: 300 }), () => lab.endpoint.setReachable(false));
    await expect(call).rejects.toMatchObject({ code: 'dropped', facts: { cause: 'broken' } });
  });
});

describe('a session that has no room for another command', () => {
  it('has not begun it if it cannot be told that earlier ones are done with', async () => {
    let loses = false;
    const onRequest = async () => {
      const fate = loses ? 'lose' : 'answer';
      loses = false;
      return fate;
    };
    const lab = await startLab({ limits: { commandsPerShell: 1 }, onRequest });
    const shell = await open(lab, {
      // The next request is the first one that makes room.
      onExchange: ({ response = '' }) => void (loses = response.includes(String(faultCodes.tooManyCommands))),
    });
    await shell.invoke(echo(1));
    await expect(shell.invoke(echo(2))).rejects.toMatchObject({ code: 'unreachable', facts: { cause: 'broken' } });
    expect(ranOf(lab)).toBe(1);
    expect((await shell.invoke(echo(3))).output).toEqual([3]);
  });
});

describe('a session whose process is killed on the host', () => {
  it('between two calls has run nothing of the second', async () => {
    const lab = await startLab();
    const call = between(await open(lab), () => lab.host.runspaces[0]?.kill());
    await expect(call).rejects.toMatchObject({ code: 'unreachable', facts: { cause: 'session-gone' } });
    expect(ranOf(lab)).toBe(1);
  });

  it('under a script has ended it, somewhere', async () => {
    const lab = await startLab();
    const call = under(await open(lab), () => lab.host.runspaces[0]?.kill());
    await expect(call).rejects.toMatchObject({ code: 'dropped', facts: { cause: 'session-gone' } });
  });
});

describe('a login that the host forgets', () => {
  it('is made again between two calls', async () => {
    const lab = await startLab();
    const { output } = await between(await open(lab), () => lab.endpoint.forgetLogins());
    expect(output).toEqual(['after']);
    expect(lab.host.runspaces).toHaveLength(1);
  });

  it('is made again under a script', async () => {
    const lab = await startLab({ limits: { operationTimeoutMs: 100 } });
    const relay = await startRelay(lab.endpoint.port);
    const shell = await open(lab, { port: relay.port });
    const stop = new AbortController();
    let call: Promise<unknown> = Promise.resolve();
    await new Promise<void>((begun) => {
      call = shell.invoke(endless, { signal: stop.signal, onStream: () => begun() });
      call.catch(() => undefined);
    });
    lab.endpoint.forgetLogins();
    // The next look at the script's output meets the loss, and goes on by a connection of its own.
    await vi.waitFor(() => expect(relay.connections).toBe(2));
    stop.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect(lab.host.runspaces).toMatchObject([{ ends: ['stopped'] }]);
  });

  it.each([
    // That a login is denied proves nothing, and the host was asked with a command.
    ['between two calls over HTTPS', 'dropped'],
    ['between two calls over HTTP', 'dropped'],
    ['under a script over HTTP', 'dropped'],
  ])('is refused if the password was changed %s', async (when, code) => {
    const users = [{ name: 'op', domain: 'LAB', password: labPassword }];
    const tls = when.endsWith('S') ? { tls: makeCertificate() } : {};
    const lab = await startLab({ ...tls, users, limits: { operationTimeoutMs: 100 } });
    // Of a login by NTLM the last leg shows the password: it alone is that long.
    let shown = 0;
    const relay = await startRelay(lab.endpoint.port, (bytes, direction) => {
      if (direction === 'toServer' && /authorization: negotiate \S{200}/iu.test(bytes.toString('latin1'))) shown++;
      return { bytes };
    });
    const shell = await open(lab, { port: relay.port });
    shown = 0;
    const change = () => {
      users.splice(0, 1, { name: 'op', domain: 'LAB', password: 'another' });
      lab.endpoint.forgetLogins();
    };
    const call = when.startsWith('under') ? under(shell, change) : between(shell, change);
    await expect(call).rejects.toMatchObject({ code, message: expect.stringContaining('refused the login') });
    await shell.close();
    expect(ranOf(lab)).toBe(1);
    // One more could lock the account.
    if (!when.endsWith('S')) expect(shown).toBe(1);
  });
});

describe('a password that is changed on the host while connections stand', () => {
  it('is shown once more and then not again, whatever would need another connection; what stands goes on', async () => {
    const users = [{ name: 'op', domain: 'LAB', password: labPassword }];
    const lab = await startLab({ users, limits: { operationTimeoutMs: 100 } });
    const shown = vi.fn(() => labPassword);
    const relay = await startRelay(lab.endpoint.port);
    const shell = await open(lab, { port: relay.port, auth: { ...lab.client().auth, password: shown } });
    // So many that are done with have a connection of their own opened while a script runs.
    for (let n = 0; n < 95; n++) await shell.invoke(echo(n));
    users.splice(0, 1, { name: 'op', domain: 'LAB', password: 'another' });
    expect(shown).toHaveBeenCalledTimes(1);
    for (let n = 0; n < 20; n++) expect((await shell.invoke(echo(n))).output).toEqual([n]);
    const stop = new AbortController();
    const call = shell.invoke(endless, { signal: stop.signal, onStream: () => stop.abort(new Error('enough')) });
    await expect(call).rejects.toThrow('enough');
    expect(lab.host.runspaces[0]?.ends.at(-1)).toBe('stopped');
    lab.endpoint.cutConnections();
    await vi.waitFor(() => expect(relay.open).toBe(0));
    for (const n of [1, 2]) {
      const failure = { code: 'unauthenticated', message: expect.stringContaining('open a new one') };
      await expect(shell.invoke(echo(n))).rejects.toMatchObject(failure);
    }
    await shell.close();
    expect(shown).toHaveBeenCalledTimes(2);
  });
});

describe('a certificate that is exchanged', () => {
  const first = makeCertificate();
  const second = makeCertificate();

  it('for one that is trusted too changes nothing', async () => {
    const lab = await startLab({ tls: first });
    const pin = [first, second].map(({ der }) => `sha256:${createHash('sha256').update(der).digest('hex')}`);
    const shell = await open(lab, { tls: { pin } });
    const { output } = await between(shell, () => {
      lab.endpoint.setCertificate(second);
      lab.endpoint.cutConnections();
    });
    expect(output).toEqual(['after']);
  });

  it.each(['between two calls', 'under a script'])('for one that is not trusted ends it %s', async (when) => {
    const lab = await startLab({ tls: first });
    const shell = await open(lab);
    const change = () => {
      lab.endpoint.setCertificate(second);
      lab.endpoint.cutConnections();
    };
    const call = when === 'under a script' ? under(shell, change) : between(shell, change);
    const failure: unknown = await call.catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: expect.stringContaining('certificate') });
    expect(['dropped', 'untrusted-host']).toContain((failure as { code?: string }).code);
    expect(ranOf(lab)).toBe(1);
  });
});

describe('a host that closes idle connections', () => {
  it('gets a new login for the next call, and the session goes on', async () => {
    const lab = await startLab({ limits: { connectionIdleMs: 200 } });
    const relay = await startRelay(lab.endpoint.port);
    const shell = await open(lab, { port: relay.port });
    const { output } = await between(shell, () => vi.waitFor(() => expect(relay.open).toBe(0), { timeout: 5_000 }));
    expect(output).toEqual(['after']);
    expect(relay.connections).toBe(2);
    expect(lab.host.runspaces).toHaveLength(1);
  });
});
