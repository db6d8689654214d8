import { describe, expect, test } from 'vitest';
import { RunspacePoolClient } from '../../../../../src/remote/protocol/psrp/client.ts';
import type { ClientEvent } from '../../../../../src/remote/protocol/psrp/client-events.ts';
import type { ServerEvent } from '../../../../../src/remote/protocol/psrp/server-events.ts';
import { outputs, Pair, pipelineA, pipelineB, poolId } from './in-memory.ts';

/** What a second client, as after a crash of the first, sees of a pool that exists. */
const join = (pair: Pair, sizes?: { readonly minRunspaces: number; readonly maxRunspaces: number }) => {
  const client = new RunspacePoolClient({ id: poolId });
  const events: ClientEvent[] = [];
  const asked: ServerEvent[] = [];
  /** `commands` are the ids by which the transport knows the pipelines. */
  const pass = (commands: Readonly<Record<string, string>> = {}) => {
    for (const target of client.pendingTargets()) {
      const chunk = client.dataToSend(target, 10_000);
      if (chunk) pair.server.receive(chunk.bytes, commands[target] ?? target, chunk.stream).forEach(pair.onServer);
    }
    for (const target of pair.server.pendingTargets()) {
      const command = Object.keys(commands).find((id) => commands[id] === target) ?? target;
      const chunk = pair.server.dataToSend(target, 10_000);
      if (chunk) events.push(...client.receive(chunk.bytes, command));
    }
  };
  pair.onServer = (event) => {
    asked.push(event);
    if (event.kind === 'connectRequested') pair.server.acceptConnect({ minRunspaces: 1, maxRunspaces: 2 });
  };
  pair.server.advance('disconnect');
  client.connect(sizes);
  pass();
  return { client, events, asked, pass };
};

describe('A second client', () => {
  test('connects to the pool of another, and is told its sizes', () => {
    const { client, events } = join(new Pair().open());
    expect(events).toEqual([
      { kind: 'negotiated', protocolVersion: '2.3', serverVersion: '2.3' },
      { kind: 'poolSize', minRunspaces: 1, maxRunspaces: 2 },
    ]);
    expect(client.phase).toBe('opened');
  });

  test('asks for sizes of its own while it connects', () => {
    const pair = new Pair().open();
    const { asked } = join(pair, { minRunspaces: 2, maxRunspaces: 3 });
    expect(asked.at(-1)).toMatchObject({ kind: 'connectRequested', minRunspaces: 2, maxRunspaces: 3 });
  });

  test('adopts a running pipeline: what it wrote meanwhile, and how it ends', () => {
    const pair = new Pair().open();
    pair.client.createPipeline(pipelineA, { statements: [[{ text: 'x' }]] });
    pair.pass();
    const { client, events, pass } = join(pair);
    pair.server.sendOutput(pipelineA, 'while nobody listened');
    client.adoptPipeline(pipelineA);
    pair.server.setPipelineState(pipelineA, 'completed');
    pass();
    expect(outputs(events, pipelineA)).toEqual(['while nobody listened']);
    expect(client.pipelineState(pipelineA)).toBe('completed');
  });

  test('adopts one whose messages bear another id than its command, and answers it under that id', () => {
    const pair = new Pair({ answersHostCalls: true }).open();
    pair.client.createPipeline(pipelineA, { statements: [[{ text: 'x' }]] });
    pair.pass();
    const command = 'cccccccc-1111-4222-8333-444444444444';
    const { client, events, pass } = join(pair);
    client.adoptPipeline(command);
    const callId = pair.server.callHost(pipelineA, 'ReadLine', []);
    pass({ [command]: pipelineA });
    expect(events.at(-1)).toMatchObject({ kind: 'hostCall', call: { pipelineId: command, method: 'ReadLine' } });
    const answers: unknown[] = [];
    pair.onServer = (event) => answers.push(event);
    pass({ [command]: pipelineA });
    expect(answers).toMatchObject([
      { kind: 'hostAnswer', pipelineId: pipelineA, callId, error: { category: 'ResourceUnavailable' } },
    ]);
    pair.server.setPipelineState(pipelineA, 'stopped');
    pass({ [command]: pipelineA });
    expect(events.at(-1)).toMatchObject({ kind: 'pipelineState', pipelineId: command, state: 'stopped' });
  });

  test('that did not adopt it understands nothing of a pipeline', () => {
    const pair = new Pair().open();
    pair.client.createPipeline(pipelineA, { statements: [[{ text: 'x' }]] });
    pair.pass();
    const { pass } = join(pair);
    pair.server.sendOutput(pipelineA, 1);
    expect(() => pass()).toThrow('no pipeline');
  });
});

describe('The client that disconnected', () => {
  test('goes on after Reconnect: pipelines where they were, and new ones', () => {
    const pair = new Pair().open();
    pair.client.createPipeline(pipelineA, { statements: [[{ text: 'x' }]] });
    pair.pass();
    pair.client.advance('disconnect');
    pair.client.advancePipeline(pipelineA, 'disconnect');
    pair.client.advance('disconnected');
    pair.server.advance('disconnect');
    expect(() => pair.client.createPipeline(pipelineB, { statements: [[{ text: 'x' }]] })).toThrow('disconnected');
    pair.server.sendOutput(pipelineA, 'kept');
    pair.server.advance('reconnect');
    pair.client.advance('reconnected');
    pair.client.advancePipeline(pipelineA, 'reconnect');
    pair.pass();
    expect(outputs(pair.clientEvents, pipelineA)).toEqual(['kept']);
    pair.client.createPipeline(pipelineB, { statements: [[{ text: 'x' }]] });
    pair.pass();
    expect(pair.server.pipelineState(pipelineB)).toBe('running');
  });

  test('can leave again while it connects, and come back', () => {
    const client = new RunspacePoolClient({ id: poolId });
    client.connect();
    expect(client.phase).toBe('connectNegotiating');
    expect(() => client.advance('disconnect')).toThrow('connectNegotiating');
    client.advance('fail');
    expect(client.phase).toBe('broken');
  });
});

describe('A pipeline', () => {
  test.each([
    ['nested', { isNested: true }],
    ['kept in the history under another text', { addToHistory: true, history: 'Get-Secret -Name *' }],
    ['with invocation info in all its records', { remoteStreamOptions: 15 }],
    ['without redirected errors', { redirectErrors: false }],
  ])('can be %s', (_, fields) => {
    const pair = new Pair().open();
    pair.client.createPipeline(pipelineA, { statements: [[{ text: 'x' }]], ...fields });
    pair.pass();
    expect(pair.serverEvents.at(-1)).toMatchObject({ kind: 'pipelineCreated', definition: fields });
  });

  test.each(['2.1', '2.2', '2.3'] as const)('merges into output what version %s can merge', (protocolVersion) => {
    const pair = new Pair({ protocolVersion }).open();
    const all = {
      error: 'Output',
      warning: 'Output',
      verbose: 'Output',
      debug: 'Output',
      information: 'Output',
    } as const;
    const merge = { myResult: 'Error', toResult: 'Output', previousResults: 'None', ...all } as const;
    pair.client.createPipeline(pipelineA, { statements: [[{ text: 'x', merge }]] });
    pair.pass();
    const [created] = pair.serverEvents.slice(-1);
    const arrived = created?.kind === 'pipelineCreated' ? created.definition.statements[0]?.[0]?.merge : undefined;
    const none = { error: 'None', warning: 'None', verbose: 'None', debug: 'None', information: 'None' };
    const streams = { '2.1': none, '2.2': { ...all, information: 'None' }, '2.3': all }[protocolVersion];
    expect(arrived).toEqual({ myResult: 'Error', toResult: 'Output', previousResults: 'None', ...streams });
  });
});
