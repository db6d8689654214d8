import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';
import { connectionCauses } from '../../../src/remote/transport/connection-causes.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import type { WinRmOptions } from '../../../src/remote/transport/winrm/winrm-options.ts';
import { contractScripts } from '../../contract/remote-shell-scripts.ts';
import { makeCertificate } from '../../helpers/make-certificate.ts';
import { startRelay } from '../../helpers/tcp-relay.ts';
import { labPassword, startWinRmLab, type WinRmLab } from '../../helpers/winrm-lab.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  while (opened.length > 0) await opened.pop()?.();
});

const startLab = async (...args: Parameters<typeof startWinRmLab>): Promise<WinRmLab> => {
  const lab = await startWinRmLab(...args);
  opened.push(() => lab.endpoint.close());
  return lab;
};
const open = async (lab: WinRmLab, changes: Partial<WinRmOptions> = {}): Promise<RemoteShell> => {
  const shell = await openWinRmShell(lab.client(changes));
  opened.push(() => shell.close());
  return shell;
};
const echo = (Value: string | number) =>
  ({ kind: 'script', text: contractScripts.echo, parameters: { Value } }) as const;
const endless = { kind: 'script', text: contractScripts.endless } as const;
const ranOf = (lab: WinRmLab) => lab.host.runspaces.flatMap(({ ran }) => ran).length;

/** What a session does when something happens between two calls, and under a script. */
const between = async (shell: RemoteShell, happens: () => unknown) => {
  await shell.invoke(echo('before'));
  await happens();
  return shell.invoke(echo('after'));
};
const under = (shell: RemoteShell, happens: () => unknown) => shell.invoke(endless, { onStream: () => happens() });

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
    const shell = await open(lab);
    const stop = new AbortController();
    const call = shell.invoke(endless, {
      signal: stop.signal,
      onStream: () => {
        lab.endpoint.forgetLogins();
        setTimeout(() => stop.abort(new Error('enough')), 250);
      },
    });
    await expect(call).rejects.toThrow('enough');
    expect(lab.host.runspaces).toMatchObject([{ ends: ['stopped'] }]);
  });

  it.each(['between two calls', 'under a script'])('is refused if the password was changed %s', async (when) => {
    const users = [{ name: 'op', domain: 'LAB', password: labPassword }];
    const lab = await startLab({ users, limits: { operationTimeoutMs: 100 } });
    const shell = await open(lab);
    const change = () => {
      users.splice(0, 1, { name: 'op', domain: 'LAB', password: 'another' });
      lab.endpoint.forgetLogins();
    };
    const call = when === 'under a script' ? under(shell, change) : between(shell, change);
    await expect(call).rejects.toMatchObject({ code: when === 'under a script' ? 'dropped' : 'unauthenticated' });
    expect(ranOf(lab)).toBe(1);
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

describe('a slow host', () => {
  it('is waited for as long as it shows that it is there', async () => {
    // It says every 140 ms that it is there, and every 200 ms that there is nothing to say.
    const lab = await startLab({ limits: { operationTimeoutMs: 200 } });
    const shell = await open(lab, { operationTimeoutMs: 200, answerMarginMs: 150 });
    await expect(shell.invoke(endless, { timeoutMs: 700 })).rejects.toMatchObject({
      code: 'timed-out',
      facts: { stopped: true },
    });
    expect(lab.host.runspaces[0]?.ends).toEqual(['stopped']);
  });

  it('that falls silent is asked again over another connection', async () => {
    const lab = await startLab();
    let silent = false;
    let swallowed = 0;
    const relay = await startRelay(lab.endpoint.port, (bytes, direction) => {
      if (!silent || direction === 'toServer') return { bytes };
      swallowed += bytes.length;
      return { bytes: Buffer.alloc(0) };
    });
    const shell = await open(lab, { port: relay.port, operationTimeoutMs: 100, answerMarginMs: 100 });
    await shell.invoke(echo('before'));
    silent = true;
    const call = shell.invoke(echo('after'));
    await vi.waitFor(() => expect(swallowed).toBeGreaterThan(0));
    silent = false;
    expect((await call).output).toEqual(['after']);
    expect(ranOf(lab)).toBe(2);
  });

  it('that says nothing at all is given up: when opening by the limit for connections, else by that of the call', async () => {
    const mute = createTcpServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    opened.push(async () => void mute.close());
    const lab = await startLab();
    const { port } = mute.address() as AddressInfo;
    const opening = open(lab, { port, connectTimeoutMs: 200 });
    await expect(opening).rejects.toMatchObject({ code: 'unreachable', facts: { cause: 'timeout' } });

    let dead = false;
    const relay = await startRelay(lab.endpoint.port, (bytes) => ({ bytes: dead ? Buffer.alloc(0) : bytes }));
    const shell = await open(lab, { port: relay.port, stopGraceMs: 200 });
    const call = shell.invoke(endless, { timeoutMs: 300, onStream: () => (dead = true) });
    await expect(call).rejects.toMatchObject({
      code: 'timed-out',
      message: expect.stringContaining('may still be running'),
      facts: { stopped: false },
    });
  });
});

describe('a stop that the host does not confirm', () => {
  it('is told: the script may still run', async () => {
    const lab = await startLab();
    const shell = await open(lab, { stopGraceMs: 200, recoverMs: 10_000 });
    const stop = new AbortController();
    const reason = new Error('enough');
    const call = shell.invoke(endless, {
      signal: stop.signal,
      onStream: () => {
        lab.endpoint.setReachable(false);
        stop.abort(reason);
      },
    });
    const failure: unknown = await call.catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'dropped', facts: { cause: 'not-stopped', stopped: false }, cause: reason });
    expect(lab.host.runspaces[0]?.ends).toEqual([]);
    await expect(shell.invoke(echo(1))).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('a host that answers garbage', () => {
  it('while a session is opened, is no WinRM', async () => {
    const lab = await startLab();
    const server = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened.push(async () => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    await expect(open(lab, { port })).rejects.toMatchObject({
      code: expect.stringMatching(/unreachable|protocol-error/),
    });
  });

  it.each<[string, (bytes: Buffer) => Buffer, string]>([
    ['bytes that are no HTTP', () => Buffer.from('\0\0garbage'), 'dropped'],
    [
      'a page of a proxy',
      () => Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>'),
      'protocol-error',
    ],
  ])('under a session (%s), leaves open what ran', async (_, spoil, code) => {
    const lab = await startLab();
    let spoilt = false;
    const relay = await startRelay(lab.endpoint.port, (bytes, direction) => ({
      bytes: spoilt && direction === 'toClient' ? spoil(bytes) : bytes,
    }));
    const shell = await open(lab, { port: relay.port, recoverMs: 300 });
    await shell.invoke(echo('before'));
    spoilt = true;
    await expect(shell.invoke(echo('after'))).rejects.toMatchObject({ code });
    await expect(shell.invoke(echo('later'))).rejects.toMatchObject({ code: 'unreachable' });
    expect(ranOf(lab)).toBe(2);
  });
});

describe('a limit on operations that is reached', () => {
  it('under a script is waited for, since the script goes on', async () => {
    // One session holds a command and the request for its output; the other's command makes three.
    const lab = await startLab({ limits: { operationsPerUser: 3 } });
    const [first, second] = [await open(lab), await open(lab)];
    const stop = new AbortController();
    let begun: () => void = () => undefined;
    const running = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const holding = first.invoke(endless, { signal: stop.signal, onStream: () => begun() });
    await running;
    const waiting = second.invoke(echo('later'));
    await vi.waitFor(() => expect(ranOf(lab)).toBe(2));
    stop.abort(new Error('enough'));
    await expect(holding).rejects.toThrow('enough');
    expect((await waiting).output).toEqual(['later']);
  });

  it('before a command ends the session unused, so that it is replaced', async () => {
    const lab = await startLab({ limits: { operationsPerUser: 1 } });
    const shell = await open(lab, { recoverMs: 100 });
    const other = await open(lab);
    await expect(shell.invoke(echo(1))).rejects.toMatchObject({ code: 'dropped', facts: { cause: 'quota' } });
    const call = other.invoke(echo(2));
    await expect(call).rejects.toMatchObject({ code: 'unreachable', facts: { cause: 'quota' } });
    expect(other.exhausted).toBe(true);
    expect(lab.host.runspaces[1]?.ran).toEqual([]);
  });
});

it('every kind of trouble says what to do', () => {
  for (const { remedy } of Object.values(connectionCauses)) expect(remedy).toMatch(/^[A-Z].*[.?]$/u);
});
