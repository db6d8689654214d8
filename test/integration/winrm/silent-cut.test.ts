import { type AddressInfo, connect, createServer } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openCmdShell } from '../../../src/remote/transport/winrm/open-cmd-shell.ts';
import { FakeCmdHost } from '../../helpers/fake-cmd-host.ts';
import { closeAll, opened, startLab } from './troubled-lab.ts';

// Only the clock that the client reads: what waits for the network goes on as it is.
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(async () => {
  vi.useRealTimers();
  await closeAll();
});

/** A relay that can swallow an answer: the host's side of the connection ends then, while ours is silent. */
const startHole = async (port: number) => {
  const state = { swallow: () => false };
  const server = createServer((client) => {
    const host = connect(port, '127.0.0.1');
    for (const socket of [client, host]) socket.setNoDelay(true).on('error', () => undefined);
    client.on('data', (bytes) => host.write(bytes)).on('close', () => host.destroy());
    host.on('data', (bytes) => (state.swallow() ? host.destroy() : client.write(bytes)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(async () => void server.close());
  return Object.assign(state, { port: (server.address() as AddressInfo).port });
};

it.each([
  ['within the time that the host keeps its answer is begun once, and its end is had', 100_000, 195_000, 'ended'],
  ['after that time is not begun once more', 186_000, 1, 'dropped'],
])(
  'a program whose acceptance is lost without a sign, noticed %s',
  async (_, noticedMs, responseRetentionMs, verdict) => {
    const cmdHost = new FakeCmdHost();
    const lab = await startLab({ cmdHost, limits: { responseRetentionMs } });
    const hole = await startHole(lab.endpoint.port);
    const shell = await openCmdShell(lab.client({ port: hole.port, operationTimeoutMs: 200, answerMarginMs: 100 }));
    opened.push(() => shell.close());
    hole.swallow = () => {
      if (cmdHost.commands.length === 0) return false;
      hole.swallow = () => false;
      vi.advanceTimersByTime(noticedMs);
      return true;
    };
    const call = shell.run('format-something').then(
      () => 'ended',
      (error: { readonly code: string }) => error.code,
    );
    await vi.waitFor(() => expect(cmdHost.commands).not.toHaveLength(0));
    cmdHost.commands[0]?.end(0);
    expect(await call).toBe(verdict);
    expect(cmdHost.commands).toHaveLength(1);
  },
);
