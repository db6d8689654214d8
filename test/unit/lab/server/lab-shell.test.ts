import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LabShell } from '../../../../src/lab/server/lab-shell.ts';
import { RunspacePoolClient } from '../../../../src/remote/protocol/psrp/client.ts';
import type { ClientEvent } from '../../../../src/remote/protocol/psrp/client-events.ts';
import { signalCodes } from '../../../../src/remote/protocol/wsman/namespaces.ts';
import type { WsmanReply } from '../../../../src/remote/protocol/wsman/replies.ts';
import { contractScripts } from '../../../contract/remote-shell-scripts.ts';
import { FakeRunspaceHost } from '../../../helpers/fake-runspace-host.ts';

const never = new AbortController().signal;
const limits = { timeoutMs: 5_000, maxBytes: 10_000, gone: never };
const unknownFault = { kind: 'fault', code: 2150858843 };

const eventsOf = (psrp: RunspacePoolClient, reply: WsmanReply | undefined, target?: string): ClientEvent[] => {
  if (reply?.kind !== 'received') throw new Error(`expected output, got ${reply?.kind}`);
  return reply.pieces.flatMap((piece) => psrp.receive(piece.payload, target));
};

const openShell = async () => {
  const host = new FakeRunspaceHost();
  const runspace = host.openRunspace({
    configuration: 'Microsoft.PowerShell',
    shellId: 'A',
    user: 'LAB\\op',
    logon: 'network',
  });
  const description = {
    shellId: 'A',
    resourceUri: '',
    owner: 'LAB\\op',
    clientIp: '',
    processId: 1,
    idleTimeoutMs: 60_000,
    state: 'Connected',
  };
  const ended: string[] = [];
  const shell = new LabShell(description, runspace, () => ended.push('closed'));
  const psrp = new RunspacePoolClient({ id: randomUUID() });
  psrp.open();
  shell.send(undefined, psrp.dataToSend('pool', 100_000)?.bytes ?? new Uint8Array(), 'stdin');
  eventsOf(psrp, await shell.receive(undefined, limits));
  expect(psrp.phase).toBe('opened');
  const start = (text: string, options: { noInput?: boolean } = {}) => {
    const id = randomUUID();
    psrp.createPipeline(id, { statements: [[{ text, isScript: true }]], ...options });
    expect(shell.command(id.toUpperCase(), psrp.dataToSend(id, 100_000)?.bytes ?? new Uint8Array()).kind).toBe(
      'command-accepted',
    );
    return id;
  };
  /** Receives until the server says that the command is done. */
  const drain = async (id: string, pipelineId = id): Promise<ClientEvent[]> => {
    const events: ClientEvent[] = [];
    for (;;) {
      const reply = await shell.receive(id.toUpperCase(), limits);
      events.push(...eventsOf(psrp, reply, pipelineId));
      if (reply?.kind === 'received' && reply.commandState?.state === 'done') return events;
    }
  };
  return { shell, psrp, runspace, start, drain, ended };
};

describe('a shell of the lab', () => {
  it('passes on piped input until its end', async () => {
    const { psrp, shell, start, drain } = await openShell();
    const id = start('count-input', { noInput: false });
    for (const value of ['a', 'b', 'c']) psrp.sendInput(id, value);
    psrp.endInput(id);
    shell.send(id, psrp.dataToSend(id, 100_000)?.bytes ?? new Uint8Array(), 'stdin');
    expect(await drain(id)).toMatchObject([
      { kind: 'output', value: 3 },
      { kind: 'pipelineState', state: 'completed' },
    ]);
  });

  it('stops a pipeline by the exact code of PowerShell, and says Stopped', async () => {
    const { shell, start, drain } = await openShell();
    const id = start(contractScripts.endless);
    expect(shell.signal(id.toUpperCase(), signalCodes.stop).kind).toBe('signalled');
    expect((await drain(id)).at(-1)).toMatchObject({ kind: 'pipelineState', state: 'stopped' });
  });

  it('closes the command for any other code, without a state', async () => {
    const { shell, start } = await openShell();
    const id = start(contractScripts.endless);
    shell.signal(id.toUpperCase(), 'powershell/signal/ctrl_c');
    expect(await shell.receive(id.toUpperCase(), limits)).toMatchObject(unknownFault);
  });

  it('knows nothing of a command after Done was said, nor of one that never was', async () => {
    const { shell, start, drain } = await openShell();
    const id = start(contractScripts.get);
    await drain(id);
    expect(await shell.receive(id.toUpperCase(), limits)).toMatchObject(unknownFault);
    expect(shell.signal('B', signalCodes.terminate)).toMatchObject(unknownFault);
    expect(shell.send('B', new Uint8Array(), 'stdin')).toMatchObject(unknownFault);
  });

  it('serves clients that write the id of a pipeline in another byte order than that of its command', async () => {
    const { psrp, shell, drain } = await openShell();
    const [pipelineId, commandId] = [randomUUID(), randomUUID()];
    psrp.createPipeline(pipelineId, { statements: [[{ text: contractScripts.get, isScript: true }]] });
    shell.command(commandId, psrp.dataToSend(pipelineId, 100_000)?.bytes ?? new Uint8Array());
    expect(await drain(commandId, pipelineId)).toMatchObject([
      { kind: 'output' },
      { kind: 'pipelineState', state: 'completed' },
    ]);
  });

  it('keeps what waits when the client that asked for it is gone', async () => {
    const { shell, start, drain } = await openShell();
    const gone = new AbortController();
    const waiting = shell.receive(undefined, { ...limits, gone: gone.signal });
    gone.abort();
    expect(await waiting).toBeUndefined();
    const id = start(contractScripts.get);
    expect(await shell.receive(id.toUpperCase(), { ...limits, gone: gone.signal })).toBeUndefined();
    expect((await drain(id)).at(-1)).toMatchObject({ state: 'completed' });
  });

  it('answers with a time-out fault when nothing comes', async () => {
    const { shell } = await openShell();
    expect(await shell.receive(undefined, { ...limits, timeoutMs: 10 })).toMatchObject({
      kind: 'fault',
      code: 2150858793,
    });
  });

  it('cuts large output into replies of the asked size', async () => {
    const { psrp, shell, drain } = await openShell();
    const id = randomUUID();
    psrp.createPipeline(id, {
      statements: [
        [{ text: contractScripts.echo, isScript: true, parameters: [{ name: 'Value', value: 'x'.repeat(50_000) }] }],
      ],
    });
    shell.command(id.toUpperCase(), psrp.dataToSend(id, 100_000)?.bytes ?? new Uint8Array());
    const first = await shell.receive(id.toUpperCase(), limits);
    expect(first).toMatchObject({ kind: 'received', commandState: { state: 'running' } });
    expect(first?.kind === 'received' && first.pieces.every((piece) => piece.payload.length <= limits.maxBytes)).toBe(
      true,
    );
    expect(eventsOf(psrp, first, id)).toEqual([]);
    expect(await drain(id)).toMatchObject([{ kind: 'output' }, { kind: 'pipelineState' }]);
  });

  it('ends once, whether it is closed or its process is killed', async () => {
    const { shell, runspace, ended } = await openShell();
    runspace.kill();
    await runspace.killed;
    await Promise.resolve();
    shell.close();
    expect(ended).toEqual(['closed']);
    expect(runspace.closed).toBe(true);
  });
});
