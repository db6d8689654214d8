import { describe, expect, test } from 'vitest';
import { writeClixml } from '../../../../../src/remote/protocol/clixml/write-clixml.ts';
import { RunspacePoolClient } from '../../../../../src/remote/protocol/psrp/client.ts';
import { encodeFragment } from '../../../../../src/remote/protocol/psrp/fragments.ts';
import { encodeMessage, type Message } from '../../../../../src/remote/protocol/psrp/message.ts';
import { RunspacePoolServer } from '../../../../../src/remote/protocol/psrp/server.ts';
import { buildSessionCapability } from '../../../../../src/remote/protocol/psrp/session-messages.ts';
import { buildPipelineState, buildPoolState } from '../../../../../src/remote/protocol/psrp/states.ts';
import { negotiateVersion, protocolVersions } from '../../../../../src/remote/protocol/psrp/versions.ts';
import { Pair, pipelineA, pipelineB, poolId, steadyBytes } from './in-memory.ts';

let nextObjectId = 1n;

/** The bytes of one message. */
function wire(fields: Pick<Message, 'destination' | 'type'> & Partial<Message>): Uint8Array {
  const blob = encodeMessage({ poolId, pipelineId: null, data: '', bom: false, ...fields });
  return encodeFragment({ objectId: nextObjectId++, fragmentId: 0n, start: true, end: true, blob });
}

const refusal = expect.objectContaining({ code: 'protocol-error' });
const capability = (protocolVersion: string): string => writeClixml(buildSessionCapability({ protocolVersion }));

describe('Versions', () => {
  test.each(protocolVersions.flatMap((ours) => protocolVersions.map((theirs) => [ours, theirs] as const)))(
    'a side of %s and a side of %s speak the lower one',
    (ours, theirs) => {
      expect(negotiateVersion(ours, theirs)).toBe(ours < theirs ? ours : theirs);
    },
  );

  test.each(['2.0', '1.0', '2.5', '3.0', '2.30', '12.3'])('a server of version "%s" is refused', (version) => {
    const client = new RunspacePoolClient({ id: poolId });
    client.open();
    const bytes = wire({ destination: 'client', type: 'sessionCapability', data: capability(version) });
    expect(() => client.receive(bytes)).toThrow(expect.objectContaining({ facts: { reason: 'version', version } }));
    expect(client.phase).toBe('broken');
  });

  test('a client of version 2.0 is refused', () => {
    const server = new RunspacePoolServer({ randomBytes: steadyBytes() });
    const bytes = wire({ destination: 'server', type: 'sessionCapability', data: capability('2.0') });
    expect(() => server.receive(bytes)).toThrow(
      expect.objectContaining({ facts: { reason: 'version', version: '2.0' } }),
    );
    expect(server.phase).toBe('broken');
  });

  test.each(protocolVersions)(
    'an old server of %s gets what it knows: merges and information by version',
    (protocolVersion) => {
      const pair = new Pair({ server: { protocolVersion } }).open();
      pair.client.createPipeline(pipelineA, { statements: [[{ text: 'x' }]] });
      const { bytes } = pair.client.dataToSend(pipelineA, 100_000)!;
      const text = Buffer.from(bytes).toString('utf8');
      expect(text.includes('MergeMyResult')).toBe(true);
      expect(text.includes('MergeError')).toBe(protocolVersion >= '2.2');
      expect(text.includes('MergeInformation')).toBe(protocolVersion >= '2.3');
      pair.server.receive(bytes, pipelineA);
      pair.server.sendInformation(pipelineA, { messageData: 'x' });
      expect(pair.server.pendingTargets()).toEqual(protocolVersion >= '2.3' ? [pipelineA] : []);
    },
  );

  test('a reset is refused below 2.3', () => {
    const pair = new Pair({ server: { protocolVersion: '2.2' } }).open();
    expect(() => pair.client.callPool('resetRunspaceState')).toThrow('2.3');
  });
});

describe('A client refuses', () => {
  const opened = (): RunspacePoolClient => {
    const { client } = new Pair().open();
    client.createPipeline(pipelineA, { statements: [[{ text: 'x' }]] });
    return client;
  };

  test('everything before the versions are agreed on', () => {
    const client = new RunspacePoolClient({ id: poolId });
    client.open();
    expect(() => client.receive(wire({ destination: 'client', type: 'applicationPrivateData' }))).toThrow(
      'sessionCapability',
    );
  });

  test.each([
    ['a message to the server', { destination: 'server', type: 'pipelineOutput', pipelineId: pipelineA }],
    ['a message that only clients send', { destination: 'client', type: 'createPipeline', pipelineId: pipelineA }],
    ['output of no pipeline', { destination: 'client', type: 'pipelineOutput' }],
    [
      'output of a pipeline that it never made',
      { destination: 'client', type: 'pipelineOutput', pipelineId: pipelineB },
    ],
    ['a second capability', { destination: 'client', type: 'sessionCapability', data: capability('2.3') }],
    [
      'a key that it did not ask for',
      {
        destination: 'client',
        type: 'encryptedSessionKey',
        data: '<Obj RefId="0"><MS><S N="EncryptedSessionKey">AQ==</S></MS></Obj>',
      },
    ],
    ['text that is no CLIXML', { destination: 'client', type: 'pipelineOutput', pipelineId: pipelineA, data: '<S>' }],
    [
      'an unknown state',
      {
        destination: 'client',
        type: 'pipelineState',
        pipelineId: pipelineA,
        data: '<Obj RefId="0"><MS><I32 N="PipelineState">9</I32></MS></Obj>',
      },
    ],
  ] as const)('%s, and its pool is broken then', (_, message) => {
    const client = opened();
    expect(() => client.receive(wire(message))).toThrow(refusal);
    expect(client.phase).toBe('broken');
    expect(() => client.createPipeline(pipelineB, { statements: [] })).toThrow('broken');
  });

  test('input for a pipeline that takes none or has ended', () => {
    const pair = new Pair().open();
    pair.client.createPipeline(pipelineA, { statements: [] });
    expect(() => pair.client.sendInput(pipelineA, 1)).toThrow('no input');
    pair.client.createPipeline(pipelineB, { statements: [], noInput: false });
    pair.client.endInput(pipelineB);
    expect(() => pair.client.sendInput(pipelineB, 1)).toThrow('no input');
    expect(() => pair.client.endInput('00000000-0000-0000-0000-000000000001')).toThrow('no pipeline');
  });

  test('an id twice, even of a pipeline that it forgot', () => {
    const client = opened();
    expect(() => client.createPipeline(pipelineA.toUpperCase(), { statements: [] })).toThrow('exists');
    client.forgetPipeline(pipelineA);
    expect(() => client.createPipeline(pipelineA, { statements: [] })).toThrow('exists');
  });

  test('steps out of order', () => {
    const client = new RunspacePoolClient({ id: poolId });
    expect(() => client.createPipeline(pipelineA, { statements: [] })).toThrow('beforeOpen');
    expect(() => client.advance('disconnect')).toThrow('beforeOpen');
    client.open();
    expect(() => client.open()).toThrow('negotiating');
  });
});

describe('A client passes over', () => {
  test('whatever still comes for a pipeline that it forgot, whole or in part', () => {
    const pair = new Pair().open();
    pair.client.createPipeline(pipelineA, { statements: [] });
    pair.pass();
    const output = wire({ destination: 'client', type: 'pipelineOutput', pipelineId: pipelineA, data: '<S>late</S>' });
    expect(pair.client.receive(output.subarray(0, 30), pipelineA)).toEqual([]);
    pair.client.forgetPipeline(pipelineA);
    expect(pair.client.receive(output.subarray(30), pipelineA)).toEqual([]);
    expect(pair.client.receive(output)).toEqual([]);
    expect(pair.client.phase).toBe('opened');
  });

  test('a second report of the end', () => {
    const pair = new Pair().open();
    pair.client.createPipeline(pipelineA, { statements: [] });
    const data = writeClixml(buildPipelineState('stopped'));
    const state = (): Uint8Array => wire({ destination: 'client', type: 'pipelineState', pipelineId: pipelineA, data });
    expect(pair.client.receive(state(), pipelineA)).toHaveLength(1);
    expect(pair.client.receive(state(), pipelineA)).toEqual([]);
  });
});

describe('A client takes', () => {
  test('a pool that breaks, before the versions and after', () => {
    for (const open of [false, true]) {
      const client = open ? new Pair().open().client : new RunspacePoolClient({ id: poolId });
      if (!open) client.open();
      const broken = wire({
        destination: 'client',
        type: 'runspacePoolState',
        data: writeClixml(buildPoolState('broken')),
      });
      expect(client.receive(broken)).toEqual([{ kind: 'poolState', state: 'broken', error: null }]);
      expect(client.phase).toBe('broken');
    }
  });

  test('a request for its key', () => {
    const pair = new Pair().open();
    const asked = pair.client.receive(wire({ destination: 'client', type: 'publicKeyRequest', data: '<S></S>' }));
    expect(asked).toEqual([{ kind: 'keyRequested' }]);
    pair.pass();
    expect(pair.client.hasKey).toBe(true);
  });

  test('messages whose pool id is zero or another', () => {
    const pair = new Pair().open();
    pair.client.createPipeline(pipelineA, { statements: [] });
    const bytes = wire({
      destination: 'client',
      type: 'pipelineOutput',
      pipelineId: pipelineA,
      poolId: pipelineB,
      data: '',
      bom: true,
    });
    expect(pair.client.receive(bytes, pipelineA)).toEqual([{ kind: 'output', pipelineId: pipelineA, value: null }]);
  });
});

describe('A server refuses', () => {
  test.each([
    [
      'a pipeline before the pool is open',
      { destination: 'server', type: 'createPipeline', pipelineId: pipelineA, data: '<Obj RefId="0"></Obj>' },
    ],
    [
      'a pool before the versions are agreed on',
      { destination: 'server', type: 'initRunspacePool', data: '<Obj RefId="0"></Obj>' },
    ],
    ['a message to the client', { destination: 'client', type: 'publicKey' }],
    [
      'a message that only servers send',
      { destination: 'server', type: 'runspacePoolState', data: writeClixml(buildPoolState('opened')) },
    ],
    [
      'a wrong key',
      { destination: 'server', type: 'publicKey', data: '<Obj RefId="0"><MS><S N="PublicKey">AAAA</S></MS></Obj>' },
    ],
  ] as const)('%s', (_, message) => {
    const server = new RunspacePoolServer({ randomBytes: steadyBytes() });
    expect(() => server.receive(wire(message))).toThrow(refusal);
    expect(server.phase).toBe('broken');
  });

  test('input for a pipeline that takes none, but not late input for one that has ended', () => {
    const pair = new Pair().open();
    pair.client.createPipeline(pipelineA, { statements: [], noInput: false });
    pair.pass();
    const input = (): Uint8Array =>
      wire({ destination: 'server', type: 'pipelineInput', pipelineId: pipelineA, data: '<I32>1</I32>' });
    expect(pair.server.receive(input(), pipelineA)).toHaveLength(1);
    pair.server.setPipelineState(pipelineA, 'completed');
    expect(pair.server.receive(input(), pipelineA)).toEqual([]);
    pair.client.createPipeline(pipelineB, { statements: [] });
    pair.pass();
    const wrong = wire({ destination: 'server', type: 'pipelineInput', pipelineId: pipelineB, data: '<I32>1</I32>' });
    expect(() => pair.server.receive(wrong, pipelineB)).toThrow('no input');
  });

  test('to report states that can not follow', () => {
    const pair = new Pair().open();
    pair.client.createPipeline(pipelineA, { statements: [] });
    pair.pass();
    expect(() => pair.server.setPipelineState(pipelineA, 'notStarted')).toThrow("can't become");
    pair.server.setPipelineState(pipelineA, 'completed');
    expect(() => pair.server.setPipelineState(pipelineA, 'failed')).toThrow('nothing more');
    expect(() => pair.server.sendOutput(pipelineB, 1)).toThrow('no pipeline');
  });
});
