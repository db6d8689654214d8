import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toPs } from '../../../../../src/remote/protocol/clixml/to-ps.ts';
import { psDateTime, psList } from '../../../../../src/remote/protocol/clixml/values.ts';
import { commandTypes } from '../../../../../src/remote/protocol/psrp/codes.ts';
import { outputs, Pair, pipelineA, pipelineB, type Wire } from './in-memory.ts';

const wires: fc.Arbitrary<Wire> = fc.record({
  chunks: fc.array(fc.integer({ min: 22, max: 700 }), { minLength: 1, maxLength: 4 }),
  pieces: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
});
const oneByOne: Wire = { chunks: [64], pieces: [1] };
const json = fc.jsonValue({ maxDepth: 3 }).map((value) => toPs(value));

/** Opens a pair whose server echoes parameters and inputs and completes at the end of input. */
function echoing(wire?: Wire): Pair {
  const pair = new Pair({}, wire);
  pair.onServer = (event) => {
    if (event.kind === 'pipelineCreated') {
      for (const { value } of event.definition.statements.flat().flatMap((command) => command.parameters))
        pair.server.sendOutput(event.pipelineId, value);
      if (event.definition.noInput) pair.server.setPipelineState(event.pipelineId, 'completed');
    }
    if (event.kind === 'input') pair.server.sendOutput(event.pipelineId, event.value);
    if (event.kind === 'inputEnded') pair.server.setPipelineState(event.pipelineId, 'completed');
  };
  return pair;
}

describe('A client and a server', () => {
  test('open a pool', () => {
    const pair = new Pair({ minRunspaces: 1, maxRunspaces: 3, applicationArguments: toPs({ a: 1 }) }).open();
    expect(pair.serverEvents).toMatchObject([
      { kind: 'negotiated', protocolVersion: '2.3' },
      { kind: 'openRequested', minRunspaces: 1, maxRunspaces: 3 },
    ]);
    expect(pair.clientEvents.map(({ kind }) => kind)).toEqual(['negotiated', 'applicationPrivateData', 'poolState']);
    expect([pair.client.phase, pair.server.phase]).toEqual(['opened', 'opened']);
  });

  test('exchange parameters, inputs and outputs of two pipelines at once, whatever the bytes are cut to', () => {
    fc.assert(
      fc.property(wires, fc.array(json, { maxLength: 4 }), fc.array(json, { maxLength: 4 }), (wire, values, inputs) => {
        const pair = echoing(wire);
        pair.client.open();
        const parameters = values.map((value) => ({ name: 'P', value }));
        pair.client.createPipeline(pipelineA, { statements: [[{ text: 'Get-A', parameters }]] });
        pair.client.createPipeline(pipelineB, { statements: [[{ text: 'Get-B' }]], noInput: false });
        for (const input of inputs) pair.client.sendInput(pipelineB, input);
        pair.client.endInput(pipelineB);
        pair.pass();
        expect(outputs(pair.clientEvents, pipelineA)).toEqual(values);
        expect(outputs(pair.clientEvents, pipelineB)).toEqual(inputs);
        expect([pipelineA, pipelineB].map((id) => pair.client.pipelineState(id))).toEqual(['completed', 'completed']);
      }),
      { numRuns: 60 },
    );
  });

  test('do the same one byte at a time', () => {
    const pair = echoing(oneByOne);
    pair.client.open();
    const value = toPs({ text: 'ä\ud800\u0000', list: [1, 2.5, null] });
    pair.client.createPipeline(pipelineA, { statements: [[{ text: 'Get-A', parameters: [{ name: null, value }] }]] });
    pair.pass();
    expect(outputs(pair.clientEvents, pipelineA)).toEqual([value]);
  });

  test('carry every stream, and the error that ended the pipeline', () => {
    const pair = new Pair().open();
    pair.client.createPipeline(pipelineA, { statements: [[{ text: 'x', isScript: true }]] });
    pair.pass();
    const { server } = pair;
    const timeGenerated = psDateTime(5n, 'utc');
    server.sendMessage(pipelineA, 'warning', 'careful');
    server.sendMessage(pipelineA, 'verbose', 'chatty');
    server.sendMessage(pipelineA, 'debug', 'why');
    server.sendInformation(pipelineA, { messageData: 'hello', tags: ['PSHOST'], timeGenerated, processId: 7 });
    server.sendProgress(pipelineA, { activity: 'Copy', percentComplete: 40 });
    server.sendError(pipelineA, {
      exceptionMessage: 'no',
      fullyQualifiedErrorId: 'No,Get',
      category: 'ObjectNotFound',
    });
    server.setPipelineState(pipelineA, 'failed', { exceptionMessage: 'end', fullyQualifiedErrorId: 'End' });
    pair.clientEvents.length = 0;
    pair.pass();
    expect(pair.clientEvents).toMatchObject([
      { kind: 'warning', record: { message: 'careful', invocation: null } },
      { kind: 'verbose', record: { message: 'chatty' } },
      { kind: 'debug', record: { message: 'why' } },
      { kind: 'information', record: { message: 'hello', tags: ['PSHOST'], timeGenerated, processId: 7 } },
      { kind: 'progress', record: { activity: 'Copy', percentComplete: 40, parentActivityId: -1, type: 'Processing' } },
      {
        kind: 'error',
        record: {
          message: 'no',
          fullyQualifiedErrorId: 'No,Get',
          category: 'ObjectNotFound',
          exceptionType: 'System.Management.Automation.RuntimeException',
          categoryMessage: 'ObjectNotFound: (:) [], RuntimeException',
        },
      },
      { kind: 'pipelineState', state: 'failed', error: { message: 'end', fullyQualifiedErrorId: 'End' } },
    ]);
  });

  test('send places of errors and messages where the client asked for them', () => {
    const place = {
      invocationName: 'Get-A',
      line: 'Get-A -B',
      scriptLineNumber: 3,
      offsetInLine: 1,
      pipelineIterationInfo: [0, 1],
    };
    for (const remoteStreamOptions of [0, 15]) {
      const pair = new Pair().open();
      pair.client.createPipeline(pipelineA, { statements: [[{ text: 'x' }]], remoteStreamOptions });
      pair.pass();
      pair.server.sendMessage(pipelineA, 'warning', 'careful', place);
      pair.server.sendError(pipelineA, { exceptionMessage: 'no', fullyQualifiedErrorId: 'No', invocation: place });
      pair.pass();
      const [warning, error] = pair.clientEvents.slice(-2);
      const full = {
        invocationName: 'Get-A',
        line: 'Get-A -B',
        scriptLineNumber: 3,
        offsetInLine: 1,
        commandOrigin: 'Internal',
      };
      expect(warning).toMatchObject({ record: { invocation: remoteStreamOptions === 0 ? null : full } });
      const flat = remoteStreamOptions === 0 ? {} : { pipelineIterationInfo: [0, 1] };
      expect(error).toMatchObject({ record: { invocation: { ...full, ...flat } } });
    }
  });

  test('size, count and reset the pool by call ids', () => {
    const pair = new Pair().open();
    pair.onServer = (event) => {
      if (event.kind === 'availabilityRequested') pair.server.answerAvailability(event.callId, 2);
      else if ('callId' in event && event.kind !== 'hostAnswer') pair.server.answerAvailability(event.callId, true);
    };
    const ids = [
      pair.client.callPool('setMaxRunspaces', 5),
      pair.client.callPool('setMinRunspaces', 2),
      pair.client.callPool('getAvailableRunspaces'),
      pair.client.callPool('resetRunspaceState'),
    ];
    pair.pass();
    expect(pair.serverEvents.slice(2)).toEqual([
      { kind: 'maxRunspacesRequested', callId: ids[0], count: 5 },
      { kind: 'minRunspacesRequested', callId: ids[1], count: 2 },
      { kind: 'availabilityRequested', callId: ids[2] },
      { kind: 'resetRequested', callId: ids[3] },
    ]);
    expect(pair.clientEvents.slice(3)).toEqual(
      [true, true, 2, true].map((result, index) => ({ kind: 'runspaceAvailability', callId: ids[index], result })),
    );
  });

  test('stop a pipeline', () => {
    const pair = new Pair().open();
    pair.client.createPipeline(pipelineA, { statements: [[{ text: 'x' }]] });
    pair.pass();
    pair.client.advancePipeline(pipelineA, 'stop');
    pair.server.sendOutput(pipelineA, 'late');
    pair.server.setPipelineState(pipelineA, 'stopped');
    pair.pass();
    expect(pair.clientEvents.slice(-2)).toMatchObject([
      { kind: 'output', value: 'late' },
      { kind: 'pipelineState', state: 'stopped', error: { fullyQualifiedErrorId: 'PipelineStopped' } },
    ]);
    expect(() => pair.server.sendOutput(pipelineA, 1)).toThrow('nothing more');
  });

  test('close the pool', () => {
    const pair = new Pair().open();
    pair.client.advance('close');
    pair.server.endPool();
    pair.pass();
    expect(pair.clientEvents.slice(-2)).toMatchObject([{ state: 'closing' }, { state: 'closed' }]);
    expect([pair.client.phase, pair.server.phase]).toEqual(['closed', 'closed']);
    expect(() => pair.client.createPipeline(pipelineA, { statements: [] })).toThrow('closed');
  });

  test('join again by Connect, with sizes and a new key', () => {
    const pair = new Pair().open();
    pair.client.requestKey();
    pair.pass();
    pair.client.advance('disconnect');
    pair.client.advance('disconnected');
    pair.server.advance('disconnect');
    pair.onServer = (event) => {
      if (event.kind === 'connectRequested') pair.server.acceptConnect({ minRunspaces: 1, maxRunspaces: 4 });
    };
    pair.client.connect();
    expect(pair.client.hasKey).toBe(false);
    pair.pass();
    expect(pair.clientEvents.at(-1)).toEqual({ kind: 'poolSize', minRunspaces: 1, maxRunspaces: 4 });
    expect([pair.client.phase, pair.server.phase]).toEqual(['opened', 'opened']);
    pair.client.requestKey();
    pair.pass();
    expect(pair.client.hasKey).toBe(true);
  });

  test('ask for commands', () => {
    const pair = new Pair().open();
    const request = {
      names: ['Get-*'],
      commandTypes: commandTypes.cmdlet | commandTypes.function,
      namespaces: [],
      fullyQualifiedModules: [],
      arguments: [],
    };
    pair.client.getCommandMetadata(pipelineA, request);
    pair.pass();
    expect(pair.serverEvents.at(-1)).toEqual({ kind: 'commandMetadataRequested', pipelineId: pipelineA, request });
  });

  test('forward events', () => {
    const pair = new Pair().open();
    const event = {
      eventIdentifier: 1,
      sourceIdentifier: 'timer',
      timeGenerated: psDateTime(1n, 'utc'),
      sender: null,
      sourceArgs: psList([1]),
      messageData: 'data',
      computerName: 'host',
      runspaceId: null,
    };
    pair.server.sendUserEvent(event);
    pair.pass();
    expect(pair.clientEvents.at(-1)).toEqual({ kind: 'userEvent', ...event });
  });

  test('take ids in either case', () => {
    const pair = new Pair().open();
    pair.client.createPipeline(pipelineA.toUpperCase(), { statements: [[{ text: 'x' }]] });
    pair.pass();
    pair.server.sendOutput(pipelineA.toUpperCase(), 1);
    pair.pass();
    expect(pair.clientEvents.at(-1)).toEqual({ kind: 'output', pipelineId: pipelineA, value: 1 });
  });
});
