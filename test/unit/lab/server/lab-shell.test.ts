import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LabShell } from '../../../../src/lab/server/lab-shell.ts';
import type { OperationContext, ShellRequest } from '../../../../src/lab/server/served-shell.ts';
import { RunspacePoolClient } from '../../../../src/remote/protocol/psrp/client.ts';
import type { ClientEvent } from '../../../../src/remote/protocol/psrp/client-events.ts';
import type { ServedReply } from '../../../../src/remote/protocol/wsman/encode-reply.ts';
import { signalCodes } from '../../../../src/remote/protocol/wsman/namespaces.ts';
import { contractScripts } from '../../../contract/remote-shell-scripts.ts';
import { FakeRunspaceHost } from '../../../helpers/fake-runspace-host.ts';

const never = new AbortController().signal;
const limits: OperationContext = { timeoutMs: 5_000, maxBytes: 10_000, gone: never, session: 'uuid:ONE' };
const other: OperationContext = { ...limits, session: 'uuid:TWO' };
const unknownFault = { kind: 'fault', code: 2150858843 };
const on = { resourceUri: '', shellId: 'A' };

type Reply = ServedReply | undefined;

const eventsOf = (psrp: RunspacePoolClient, reply: Reply, target?: string): ClientEvent[] => {
  if (reply?.kind !== 'received') throw new Error(`expected output, got ${reply?.kind}`);
  return reply.pieces.flatMap((piece) => psrp.receive(piece.payload, target));
};

const openShell = async (
  changes: { idleTimeoutMs?: number; shortestIdleTimeoutMs?: number; recordsKept?: number } = {},
) => {
  const host = new FakeRunspaceHost();
  const runspace = host.openRunspace({ shellId: 'A', configuration: 'c', user: 'LAB\\op', logon: 'network' });
  const facts = { shellId: 'A', resourceUri: '', owner: 'LAB\\op', clientIp: '', processId: 1 };
  const ended: string[] = [];
  const options = {
    facts,
    session: limits.session,
    idleTimeoutMs: 60_000,
    shortestIdleTimeoutMs: 10,
    recordsKept: 2,
    ...changes,
  };
  const shell = new LabShell(options, runspace, () => ended.push('closed'));
  const ask = (request: ShellRequest, context = limits): Promise<Reply> => shell.answer(request, context);
  const receive = (commandId?: string, context = limits) => ask({ kind: 'receive', ...on, commandId }, context);
  const signal = (commandId: string, code: string) => ask({ kind: 'signal', ...on, commandId, code });
  const send = (commandId: string, payload: Uint8Array) =>
    ask({ kind: 'send', ...on, commandId, stream: 'stdin', payload });
  const psrp = new RunspacePoolClient({ id: randomUUID() });
  psrp.open();
  shell.open(psrp.dataToSend('pool', 100_000)?.bytes ?? new Uint8Array());
  eventsOf(psrp, await receive());
  expect(psrp.phase).toBe('opened');
  const command = async (commandId: string, pipelineId = commandId) => {
    const payload = psrp.dataToSend(pipelineId, 100_000)?.bytes ?? new Uint8Array();
    return await ask({ kind: 'command', ...on, commandId, text: 'some work', payload });
  };
  const start = async (text: string, fields: { noInput?: boolean } = {}) => {
    const id = randomUUID();
    psrp.createPipeline(id, { statements: [[{ text, isScript: true }]], ...fields });
    expect((await command(id.toUpperCase(), id))?.kind).toBe('command-accepted');
    return id;
  };
  /** Receives until the server says that the command is done. */
  const drain = async (id: string, pipelineId = id, client = psrp, context = limits): Promise<ClientEvent[]> => {
    const events: ClientEvent[] = [];
    for (;;) {
      const reply = await receive(id.toUpperCase(), context);
      events.push(...eventsOf(client, reply, pipelineId));
      if (reply?.kind === 'received' && reply.commandState?.state === 'done') return events;
    }
  };
  return { shell, psrp, runspace, ask, receive, signal, send, command, start, drain, ended };
};

/** A second client that connects to the shell of the first. */
const join = async (opened: Awaited<ReturnType<typeof openShell>>) => {
  const client = new RunspacePoolClient({ id: opened.psrp.id });
  client.connect();
  const connectXml = client.dataToSend('pool', 100_000)?.bytes ?? new Uint8Array();
  const reply = await opened.ask({ kind: 'connect', ...on, connectXml }, other);
  return { client, reply };
};

describe('a shell of the lab', () => {
  it('passes on piped input until its end', async () => {
    const { psrp, send, start, drain } = await openShell();
    const id = await start('count-input', { noInput: false });
    for (const value of ['a', 'b', 'c']) psrp.sendInput(id, value);
    psrp.endInput(id);
    await send(id, psrp.dataToSend(id, 100_000)?.bytes ?? new Uint8Array());
    expect(await drain(id)).toMatchObject([
      { kind: 'output', value: 3 },
      { kind: 'pipelineState', state: 'completed' },
    ]);
  });

  it('stops a pipeline by the exact code of PowerShell, and says Stopped', async () => {
    const { signal, start, drain } = await openShell();
    const id = await start(contractScripts.endless);
    expect((await signal(id.toUpperCase(), signalCodes.stop))?.kind).toBe('signalled');
    expect((await drain(id)).at(-1)).toMatchObject({ kind: 'pipelineState', state: 'stopped' });
  });

  it('closes the command for any other code, without a state', async () => {
    const { signal, receive, start } = await openShell();
    const id = await start(contractScripts.endless);
    await signal(id.toUpperCase(), 'powershell/signal/ctrl_c');
    expect(await receive(id.toUpperCase())).toMatchObject(unknownFault);
  });

  it('knows nothing of a command after Done was said, nor of one that never was', async () => {
    const { signal, receive, send, start, drain } = await openShell();
    const id = await start(contractScripts.get);
    await drain(id);
    expect(await receive(id.toUpperCase())).toMatchObject(unknownFault);
    expect(await signal('B', signalCodes.terminate)).toMatchObject(unknownFault);
    expect(await send('B', new Uint8Array())).toMatchObject(unknownFault);
  });

  it('serves clients that write the id of a pipeline in another byte order than that of its command', async () => {
    const { psrp, command, drain } = await openShell();
    const [pipelineId, commandId] = [randomUUID(), randomUUID()];
    psrp.createPipeline(pipelineId, { statements: [[{ text: contractScripts.get, isScript: true }]] });
    await command(commandId, pipelineId);
    expect(await drain(commandId, pipelineId)).toMatchObject([
      { kind: 'output' },
      { kind: 'pipelineState', state: 'completed' },
    ]);
  });

  it('takes each id of a command once', async () => {
    const { command, start } = await openShell();
    const id = await start(contractScripts.endless);
    expect(await command(id)).toMatchObject({ kind: 'fault', code: 2150859222 });
  });

  it('keeps what waits when the client that asked for it is gone', async () => {
    const { receive, start, drain } = await openShell();
    const gone = new AbortController();
    const waiting = receive(undefined, { ...limits, gone: gone.signal });
    gone.abort();
    expect(await waiting).toBeUndefined();
    const id = await start(contractScripts.get);
    expect(await receive(id.toUpperCase(), { ...limits, gone: gone.signal })).toBeUndefined();
    expect((await drain(id)).at(-1)).toMatchObject({ state: 'completed' });
  });

  it('answers with a time-out fault when nothing comes', async () => {
    const { receive } = await openShell();
    expect(await receive(undefined, { ...limits, timeoutMs: 10 })).toMatchObject({ kind: 'fault', code: 2150858793 });
  });

  it('cuts large output into replies of the asked size', async () => {
    const { psrp, command, receive, drain } = await openShell();
    const id = randomUUID();
    psrp.createPipeline(id, {
      statements: [
        [{ text: contractScripts.echo, isScript: true, parameters: [{ name: 'Value', value: 'x'.repeat(50_000) }] }],
      ],
    });
    await command(id);
    const first = await receive(id.toUpperCase());
    expect(first).toMatchObject({ kind: 'received', commandState: { state: 'running' } });
    expect(first?.kind === 'received' && first.pieces.every((piece) => piece.payload.length <= limits.maxBytes)).toBe(
      true,
    );
    expect(eventsOf(psrp, first, id)).toEqual([]);
    expect(await drain(id)).toMatchObject([{ kind: 'output' }, { kind: 'pipelineState' }]);
  });

  it('lists its commands with their text and state', async () => {
    const { shell, start, drain } = await openShell();
    const done = await start(contractScripts.get);
    await drain(done);
    const running = await start(contractScripts.endless);
    expect(shell.commands()).toEqual([
      { commandId: done.toUpperCase(), text: 'some work', state: 'Done' },
      { commandId: running.toUpperCase(), text: 'some work', state: 'Running' },
    ]);
  });

  it('ends once, whether it is closed or its process is killed, and aborts what waits', async () => {
    const { shell, runspace, receive, ended } = await openShell();
    const waiting = receive();
    runspace.kill();
    await runspace.killed;
    expect(await waiting).toMatchObject({ kind: 'fault', code: 995 });
    shell.close();
    expect(ended).toEqual(['closed']);
    expect(runspace.closed).toBe(true);
  });
});

describe('a disconnected shell', () => {
  it('serves nobody until somebody holds it again, and keeps what its pipelines write', async () => {
    const { shell, ask, receive, start, drain } = await openShell();
    const id = await start(contractScripts.get);
    const waiting = receive();
    expect(await ask({ kind: 'disconnect', ...on })).toEqual({ kind: 'disconnected' });
    expect(await waiting).toMatchObject({ code: 2150859230 });
    expect(shell.describe()).toMatchObject({ state: 'Disconnected', bufferMode: 'Block' });
    expect(await receive(id)).toMatchObject({ code: 2150859204 });
    expect(await ask({ kind: 'reconnect', ...on }, other)).toMatchObject({ code: 2150859206 });
    expect(await ask({ kind: 'reconnect', ...on })).toEqual({ kind: 'reconnected' });
    expect(shell.describe().state).toBe('Connected');
    expect((await drain(id)).map((event) => event.kind)).toEqual(['output', 'pipelineState']);
  });

  it('is taken over by another client, with its running command', async () => {
    const opened = await openShell();
    const { ask, receive, start, drain } = opened;
    const id = await start(contractScripts.get);
    expect((await join(opened)).reply).toMatchObject({ code: 2150859213 });
    await ask({ kind: 'disconnect', ...on });
    const { client, reply } = await join(opened);
    if (reply?.kind !== 'connected' || !reply.connectResponseXml) throw new Error(`got ${reply?.kind}`);
    expect(client.receive(reply.connectResponseXml).map(({ kind }) => kind)).toEqual(['negotiated', 'poolSize']);
    expect(eventsOf(client, await receive(undefined, other)).map(({ kind }) => kind)).toEqual([
      'applicationPrivateData',
    ]);
    expect(await ask({ kind: 'connect-command', ...on, commandId: 'none' }, other)).toMatchObject(unknownFault);
    expect(await ask({ kind: 'connect-command', ...on, commandId: id }, other)).toMatchObject({ kind: 'connected' });
    client.adoptPipeline(id);
    expect((await drain(id, id, client, other)).at(-1)).toMatchObject({ kind: 'pipelineState', state: 'completed' });
    expect(await ask({ kind: 'reconnect', ...on })).toMatchObject({ code: 2150859213 });
  });

  it('gives the second client what the pool had to say to the first', async () => {
    const opened = await openShell();
    opened.psrp.callPool('getAvailableRunspaces');
    const payload = opened.psrp.dataToSend('pool', 1_000)?.bytes ?? new Uint8Array();
    await opened.ask({ kind: 'send', ...on, commandId: undefined, stream: 'stdin', payload });
    await opened.ask({ kind: 'disconnect', ...on });
    const { client, reply } = await join(opened);
    client.receive((reply?.kind === 'connected' && reply.connectResponseXml) || new Uint8Array());
    const small = { ...other, maxBytes: 30 };
    const events: ClientEvent[] = [];
    while (events.length < 2) events.push(...eventsOf(client, await opened.receive(undefined, small)));
    expect(events).toMatchObject([{ kind: 'runspaceAvailability', result: 1 }, { kind: 'applicationPrivateData' }]);
  });

  it.each([
    ['Drop', ['pipelineState']],
    ['Block', ['output', 'pipelineState']],
  ] as const)('in buffer mode %s gives %j of what nobody takes in time', async (bufferMode, expected) => {
    const { psrp, ask, send, start, drain } = await openShell({ recordsKept: 0 });
    const id = await start('count-input', { noInput: false });
    psrp.endInput(id);
    const ending = send(id, psrp.dataToSend(id, 1_000)?.bytes ?? new Uint8Array());
    const leaving = ask({ kind: 'disconnect', ...on, bufferMode });
    await Promise.all([ending, leaving]);
    await new Promise((resolve) => setImmediate(resolve));
    await ask({ kind: 'reconnect', ...on });
    expect((await drain(id)).map((event) => event.kind)).toEqual(expected);
  });

  it('ends when its idle time-out is over', async () => {
    const { ask, ended, runspace } = await openShell();
    await ask({ kind: 'disconnect', ...on, idleTimeoutMs: 1 });
    await expect.poll(() => ended).toEqual(['closed']);
    expect(runspace.closed).toBe(true);
  });
});
