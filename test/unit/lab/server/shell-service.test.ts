import { describe, expect, it } from 'vitest';
import { resources, signalCodes } from '../../../../src/remote/protocol/wsman/namespaces.ts';
import { cmdShell, type WsmanRequest } from '../../../../src/remote/protocol/wsman/requests.ts';
import { fault, on, resourceUri, run, startService } from './asked-service.ts';

describe('the lists of a service', () => {
  it('show its shells, one shell, and the commands of a shell', async () => {
    const { ask, openCmd, openPool } = startService();
    const [pool, cmd] = [await openPool(), await openCmd()];
    const shells = await ask({ kind: 'enumerate', resourceUri: resources.shells });
    expect(shells).toMatchObject({
      kind: 'shells',
      shells: [
        { shellId: pool, name: 'one', owner: 'LAB\\op', state: 'Connected', resourceUri },
        { shellId: cmd, resourceUri: resources.cmd, inputStreams: ['stdin'], outputStreams: ['stdout', 'stderr'] },
      ],
    });
    const get = (shellId: string): WsmanRequest => ({ kind: 'get', resourceUri: resources.shells, shellId });
    expect(await ask(get(pool))).toMatchObject({ kind: 'shell', shell: { shellId: pool, state: 'Connected' } });
    await ask({ kind: 'disconnect', resourceUri, shellId: pool });
    expect(await ask(get(pool))).toMatchObject({ shell: { state: 'Disconnected' } });
    expect(await ask(get('none'))).toMatchObject(fault('invalidSelectors'));
    await ask(run(cmd, { commandId: 'C1' }));
    const commands = (filter?: Record<string, string>): WsmanRequest => ({
      kind: 'enumerate',
      resourceUri: resources.commands,
      ...(filter ? { filter } : {}),
    });
    expect(await ask(commands({ ShellId: cmd }))).toEqual({
      kind: 'commands',
      commands: [{ commandId: 'C1', text: 'tool /a b c', state: 'Running' }],
      enumerationContext: undefined,
    });
    expect(await ask(commands())).toMatchObject(fault('filterExpected'));
    expect(await ask(commands({ ShellId: 'none' }))).toMatchObject(fault('invalidSelectors'));
  });

  it('come in pages, of which each can be asked for once', async () => {
    const { ask, openCmd } = startService({ itemsPerReply: 2 });
    const ids = [await openCmd(), await openCmd(), await openCmd()];
    const first = await ask({ kind: 'enumerate', resourceUri: resources.shells });
    if (first?.kind !== 'shells' || first.enumerationContext === undefined) throw new Error('expected a page');
    const pull: WsmanRequest = {
      kind: 'pull',
      resourceUri: resources.shells,
      enumerationContext: first.enumerationContext,
    };
    const rest = await ask(pull);
    expect(rest).toMatchObject({ kind: 'shells', pulled: true, enumerationContext: undefined });
    const shown = [first, rest].flatMap((page) => (page?.kind === 'shells' ? page.shells : []));
    expect(shown.map(({ shellId }) => shellId)).toEqual(ids);
    expect(await ask(pull)).toMatchObject(fault('unknownContext'));
  });

  it('and its settings are for administrators', async () => {
    const { ask } = startService({ envelopeBytes: 153_600 });
    const config: WsmanRequest = { kind: 'get', resourceUri: resources.config };
    const reply = await ask(config);
    expect(reply?.kind === 'settings' && reply.settings.get('MaxEnvelopeSizekb')).toBe('150');
    for (const request of [config, { kind: 'enumerate', resourceUri: resources.shells } as const])
      expect(await ask(request, { administrator: false })).toMatchObject(fault('accessDenied'));
  });

  it('of other things there are none', async () => {
    const { ask } = startService();
    for (const kind of ['get', 'enumerate'] as const)
      expect(await ask({ kind, resourceUri: 'urn:other' })).toMatchObject(fault('unknownResource'));
  });
});

describe('a cmd shell of a service', () => {
  it('starts programs with what it was opened with', async () => {
    const { ask, cmdHost } = startService();
    await ask({ ...cmdShell, workingDirectory: 'C:\\', environment: [['a', 'b']], codepage: 65_001, name: 'n' });
    expect(cmdHost.opened).toMatchObject([
      { user: 'LAB\\op', workingDirectory: 'C:\\', environment: [['a', 'b']], codepage: 65_001 },
    ]);
  });

  it('carries input, both outputs and the exit code', async () => {
    const { ask, openCmd, cmdHost } = startService();
    const shellId = await openCmd();
    const accepted = await ask(run(shellId));
    const commandId = accepted?.kind === 'command-accepted' ? accepted.commandId : '';
    const [program] = cmdHost.commands;
    const send = (text: string, end: boolean) =>
      ask({
        kind: 'send',
        ...on(shellId),
        commandId,
        stream: 'stdin',
        payload: Buffer.from(text),
        ...(end ? { end } : {}),
      });
    await send('in', false);
    await send('put', true);
    const input: Uint8Array[] = [];
    for await (const part of program!.input) input.push(part);
    expect(Buffer.concat(input).toString()).toBe('input');
    program?.sink.stdout(Buffer.from('out'));
    program?.sink.stderr(Buffer.from('err'));
    const receive: WsmanRequest = { kind: 'receive', ...on(shellId), commandId, streams: ['stdout', 'stderr'] };
    const piece = (stream: string, text: string, end = false) => ({
      commandId,
      stream,
      payload: Buffer.from(text),
      end,
    });
    expect(await ask(receive)).toEqual({
      kind: 'received',
      pieces: [piece('stdout', 'out'), piece('stderr', 'err')],
      commandState: { commandId, state: 'running' },
    });
    program?.end(3);
    expect(await ask(receive)).toEqual({
      kind: 'received',
      pieces: [piece('stdout', '', true), piece('stderr', '', true)],
      commandState: { commandId, state: 'done', exitCode: 3 },
    });
    expect(await ask(receive)).toMatchObject(fault('invalidSelectors'));
    await ask({ kind: 'signal', ...on(shellId), commandId, code: signalCodes.interrupt });
    expect(await ask({ kind: 'signal', ...on(shellId), commandId, code: signalCodes.terminate })).toMatchObject(
      fault('invalidSelectors'),
    );
  });

  it('ends what runs by Ctrl+C, and says so', async () => {
    const { ask, openCmd, cmdHost } = startService();
    const shellId = await openCmd();
    await ask(run(shellId, { commandId: 'C1' }));
    await ask({ kind: 'signal', ...on(shellId), commandId: 'C1', code: signalCodes.interrupt });
    expect(cmdHost.commands[0]?.killed).toBe(true);
    expect(await ask({ kind: 'receive', ...on(shellId), commandId: 'C1' })).toMatchObject({
      commandState: { state: 'done', exitCode: -1 },
    });
  });

  it('refuses what it cannot: unknown programs, unknown commands, ids that are taken, leaving', async () => {
    const { ask, openCmd } = startService();
    const shellId = await openCmd();
    expect(await ask(run(shellId, { skipCmdShell: true }))).toMatchObject({
      ...fault('fileNotFound'),
      provider: { name: 'Shell cmd plugin' },
    });
    await ask(run(shellId, { commandId: 'C1' }));
    expect(await ask(run(shellId, { commandId: 'c1' }))).toMatchObject(fault('commandIdTaken'));
    expect(await ask({ kind: 'receive', ...on(shellId), commandId: 'none' })).toMatchObject(fault('invalidSelectors'));
    expect(await ask({ kind: 'disconnect', ...on(shellId) })).toMatchObject(fault('disconnectUnsupported'));
  });

  it('ends with its programs, and aborts what waits for them', async () => {
    const { ask, openCmd, cmdHost } = startService();
    const shellId = await openCmd();
    await ask(run(shellId, { commandId: 'C1' }));
    const waiting = ask({ kind: 'receive', ...on(shellId), commandId: 'C1' });
    expect(await ask({ kind: 'delete', ...on(shellId) })).toEqual({ kind: 'deleted' });
    expect(await waiting).toMatchObject(fault('aborted'));
    expect([cmdHost.closed, cmdHost.commands[0]?.killed]).toEqual([1, true]);
    expect(await ask({ kind: 'delete', ...on(shellId) })).toMatchObject(fault('invalidSelectors'));
  });

  it('is for administrators, and not there where the host offers none', async () => {
    expect(await startService().ask(cmdShell, { administrator: false })).toMatchObject(fault('accessDenied'));
    expect(await startService({}, false).ask(cmdShell)).toMatchObject(fault('unknownResource'));
  });
});

describe('the limits of a service', () => {
  it('are counted by account: shells', async () => {
    const { ask, openCmd } = startService({ shellsPerUser: 1 });
    const shellId = await openCmd();
    expect(await ask(cmdShell)).toMatchObject(fault('tooManyShells'));
    await openCmd({ account: 'LAB\\other' });
    await ask({ kind: 'delete', ...on(shellId) });
    await openCmd();
  });

  it('commands of a shell that were not terminated', async () => {
    const { ask, openCmd } = startService({ commandsPerShell: 1 });
    const shellId = await openCmd();
    await ask(run(shellId, { commandId: 'C1' }));
    expect(await ask(run(shellId))).toMatchObject(fault('tooManyCommands'));
    await ask({ kind: 'signal', ...on(shellId), commandId: 'C1', code: signalCodes.terminate });
    expect(await ask(run(shellId))).toMatchObject({ kind: 'command-accepted' });
  });

  it('operations: commands of a cmd shell count even when they are terminated, until the shell ends', async () => {
    const { ask, openCmd } = startService({ operationsPerUser: 2 });
    const shellId = await openCmd();
    for (const commandId of ['C1', 'C2']) {
      expect(await ask(run(shellId, { commandId }))).toMatchObject({ kind: 'command-accepted' });
      await ask({ kind: 'signal', ...on(shellId), commandId, code: signalCodes.terminate });
    }
    expect(await ask(run(shellId))).toMatchObject(fault('tooManyOperations'));
    expect(await ask(cmdShell)).toMatchObject(fault('tooManyOperations'));
    await ask({ kind: 'delete', ...on(shellId) });
    await openCmd();
  });

  it('belong to others, who cannot touch what is not theirs', async () => {
    const { ask, openCmd } = startService();
    const shellId = await openCmd();
    expect(await ask(run(shellId), { account: 'LAB\\other' })).toMatchObject(fault('accessDenied'));
  });
});
