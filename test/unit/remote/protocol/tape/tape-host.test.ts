import { describe, expect, it } from 'vitest';
import type { Tape } from '../../../../../src/remote/protocol/tape/tape.ts';
import { TapeHost } from '../../../../../src/remote/protocol/tape/tape-host.ts';
import { encodeReply, type ServedReply } from '../../../../../src/remote/protocol/wsman/encode-reply.ts';
import { resources } from '../../../../../src/remote/protocol/wsman/namespaces.ts';
import { decodeReply } from '../../../../../src/remote/protocol/wsman/replies.ts';
import { cmdShell, encodeRequest, type WsmanRequest } from '../../../../../src/remote/protocol/wsman/requests.ts';

const zero = '00000000-0000-0000-0000-000000000000';
const [tapedShell, tapedCommand, shell, command, second] = ['A', 'B', 'C', 'D', 'E'].map((digit) =>
  zero.replace(/^0{8}/u, digit.repeat(8)),
) as [string, string, string, string, string];
const cmd = { resourceUri: resources.cmd };
const described = { ...cmd, owner: 'op', clientIp: '', processId: 1, idleTimeoutMs: 0, state: '' };
const text = (what: string) => ({ stream: 'stdout', payload: Buffer.from(what), end: false });

const soap = (request: WsmanRequest, messageId = 'uuid:1'): string =>
  encodeRequest(request, {
    to: 'http://pc1/wsman',
    sessionId: 'uuid:0',
    messageId,
    operationTimeoutMs: 1_000,
    maxEnvelopeBytes: 1,
  });
const tape = (...pairs: [WsmanRequest, ServedReply][]): Tape => ({
  messages: pairs.map(([request, reply]) => ({
    request: soap(request),
    response: encodeReply(reply, { messageId: 'uuid:2', relatesTo: 'uuid:1', machine: 'pc1' }),
  })),
});
const play = (recorded: Tape) => {
  const host = new TapeHost(recorded, { newGuid: () => second, randomBytes: (count) => new Uint8Array(count) });
  let turn = 0;
  const ask = (request: WsmanRequest) => {
    const messageId = `uuid:${++turn}`;
    const { index, outcome } = host.answer(soap(request, messageId));
    if (outcome.kind !== 'reply') return { index, outcome: outcome.kind };
    const { reply, relatesTo } = decodeReply(outcome.body);
    expect(relatesTo).toBe(messageId);
    return { index, reply };
  };
  return { host, ask };
};

const talk: [WsmanRequest, ServedReply][] = [
  [
    { ...cmdShell, shellId: tapedShell },
    { kind: 'created', shell: { ...described, shellId: tapedShell }, to: '' },
  ],
  [
    { kind: 'run', ...cmd, shellId: tapedShell, commandId: tapedCommand, command: 'a', arguments: [] },
    { kind: 'command-accepted', commandId: tapedCommand },
  ],
  [
    { kind: 'receive', ...cmd, shellId: tapedShell, commandId: tapedCommand },
    { kind: 'received', pieces: [{ ...text('one'), commandId: tapedCommand }], commandState: undefined },
  ],
  [
    { kind: 'receive', ...cmd, shellId: tapedShell, commandId: tapedCommand },
    {
      kind: 'received',
      pieces: [{ ...text('two'), commandId: tapedCommand }],
      commandState: { commandId: tapedCommand, state: 'done' },
    },
  ],
  [{ kind: 'delete', ...cmd, shellId: tapedShell }, { kind: 'deleted' }],
];

describe('a tape that plays as a host', () => {
  it('answers in order, with the ids of the client', () => {
    const { host, ask } = play(tape(...talk));
    const receive: WsmanRequest = { kind: 'receive', ...cmd, shellId: shell, commandId: command };
    expect(ask({ ...cmdShell, shellId: shell })).toMatchObject({ index: 0, reply: { shell: { shellId: shell } } });
    expect(ask({ kind: 'run', ...cmd, shellId: shell, commandId: command, command: 'b', arguments: [] })).toMatchObject(
      {
        index: 1,
        reply: { commandId: command },
      },
    );
    expect(ask(receive)).toMatchObject({ index: 2, reply: { pieces: [{ ...text('one'), commandId: command }] } });
    expect(ask(receive)).toMatchObject({ index: 3, reply: { commandState: { commandId: command } } });
    expect(host.unplayed).toEqual([4]);
  });

  it('keeps ids that the recorded host chose', () => {
    const { ask } = play(tape(...talk));
    expect(ask(cmdShell)).toMatchObject({ index: 0, reply: { shell: { shellId: tapedShell } } });
    expect(ask({ kind: 'run', ...cmd, shellId: tapedShell, command: 'b', arguments: [] })).toMatchObject({
      reply: { commandId: tapedCommand },
    });
    expect(ask({ kind: 'receive', ...cmd, shellId: tapedShell, commandId: tapedCommand })).toMatchObject({ index: 2 });
  });

  it('with zeros for ids takes those of the client, or fresh ones where the host must choose', () => {
    const scrubbed = JSON.parse(
      JSON.stringify(tape(...talk)).replace(/[A-F]{8}-0000-0000-0000-000000000000/gu, zero),
    ) as Tape;
    const { ask } = play(scrubbed);
    expect(ask(cmdShell)).toMatchObject({ index: 0, reply: { shell: { shellId: second } } });
    expect(
      ask({ kind: 'run', ...cmd, shellId: second, commandId: command, command: 'b', arguments: [] }),
    ).toMatchObject({
      reply: { commandId: command },
    });
    expect(ask({ kind: 'receive', ...cmd, shellId: second, commandId: command })).toMatchObject({
      index: 2,
      reply: { pieces: [{ commandId: command }] },
    });
  });

  it('tells two shells apart', () => {
    const other = talk.map(([request, reply]): [WsmanRequest, ServedReply] => [
      JSON.parse(JSON.stringify(request).replaceAll(tapedShell, second)) as WsmanRequest,
      reply.kind === 'created' ? { ...reply, shell: { ...reply.shell, shellId: second } } : reply,
    ]);
    const { ask } = play(tape(talk[0]!, other[0]!, talk[4]!, other[4]!));
    ask({ ...cmdShell, shellId: shell });
    ask({ ...cmdShell, shellId: command });
    expect(ask({ kind: 'delete', ...cmd, shellId: command }).index).toBe(3);
    expect(ask({ kind: 'delete', ...cmd, shellId: shell }).index).toBe(2);
  });

  it('makes up the answers to what was not recorded: farewells succeed, nothing else does', () => {
    const { ask } = play(tape(talk[0]!));
    const on = { ...cmd, shellId: shell };
    expect(ask({ kind: 'send', ...on, commandId: command, stream: 'stdin', payload: Buffer.alloc(1) })).toEqual({
      index: undefined,
      reply: { kind: 'sent' },
    });
    expect(ask({ kind: 'signal', ...on, commandId: command, code: 'x' }).reply?.kind).toBe('signalled');
    expect(ask({ kind: 'delete', ...on }).reply?.kind).toBe('deleted');
    expect(ask({ kind: 'receive', ...on, commandId: command })).toMatchObject({
      index: undefined,
      reply: { code: 995 },
    });
  });

  it('plays what went wrong, and requests that nobody understands in their order', () => {
    const { messages } = tape(talk[0]!);
    const { host, ask } = play({
      messages: [
        { request: '<odd/>', response: 'first' },
        { request: messages[0]!.request, timeout: true },
        { request: '<odd/>' },
      ],
    });
    expect(ask(cmdShell)).toEqual({ index: 1, outcome: 'silent' });
    expect(host.answer('<other/>')).toMatchObject({ index: 0, outcome: { body: 'first' } });
    expect(host.answer('<other/>')).toMatchObject({ index: 2, outcome: { kind: 'cut' } });
  });

  it('gives a request that is sent again the same answer, unless another was recorded for it', () => {
    const { messages } = tape(...talk);
    const ids = ['uuid:10', 'uuid:11', 'uuid:12', 'uuid:12', 'uuid:13'];
    const host = new TapeHost(
      {
        messages: messages.map(({ request, response }, index) => ({
          request: request.replace('uuid:1<', `${ids[index]}<`),
          ...(index === 2 ? {} : { response: response! }),
        })),
      },
      { newGuid: () => second, randomBytes: (count) => new Uint8Array(count) },
    );
    const create = soap({ ...cmdShell, shellId: shell }, 'uuid:20');
    const first = host.answer(create);
    expect(first).toMatchObject({ index: 0, again: false });
    expect(host.answer(create)).toEqual({ ...first, again: true });
    const receive = soap({ kind: 'receive', ...cmd, shellId: shell, commandId: tapedCommand }, 'uuid:21');
    expect(host.answer(receive)).toMatchObject({ index: 2, outcome: { kind: 'cut' } });
    expect(host.answer(receive)).toMatchObject({ index: 3, again: false, outcome: { kind: 'reply' } });
    expect(host.answer(receive)).toMatchObject({ index: 3, again: true });
    const unknown = soap({ kind: 'get', resourceUri: 'x' }, 'uuid:22');
    expect(host.answer(unknown)).toMatchObject({ index: undefined, again: false });
    expect(host.answer(unknown)).toMatchObject({ index: undefined, again: true });
  });

  it('keeps an answer back until that was asked which had been asked before it came', () => {
    const on = { ...cmd, shellId: shell };
    const stop: WsmanRequest = { kind: 'signal', ...on, commandId: command, code: 'stop' };
    const recorded = tape(...talk.slice(0, 4), [
      { ...stop, shellId: tapedShell, commandId: tapedCommand },
      { kind: 'signalled' },
    ]);
    const times: [number, number][] = [
      [0, 1],
      [2, 3],
      [4, 5],
      [6, 9],
      [8, 9.5],
    ];
    const host = new TapeHost(
      { messages: recorded.messages.map((exchange, index) => ({ ...exchange, ms: times[index]! })) },
      { newGuid: () => second, randomBytes: (count) => new Uint8Array(count) },
    );
    const receive: WsmanRequest = { kind: 'receive', ...on, commandId: command };
    host.answer(soap({ ...cmdShell, shellId: shell }, 'uuid:20'));
    host.answer(soap({ kind: 'run', ...on, commandId: command, command: 'b', arguments: [] }, 'uuid:21'));
    const early = host.take(soap(receive, 'uuid:22'));
    expect(early.ready()).toBe(true);
    expect(early.give()).toMatchObject({ index: 2 });
    const held = host.take(soap(receive, 'uuid:23'));
    expect(held).toMatchObject({ patienceMs: 1_000 });
    expect(held.ready()).toBe(false);
    const nothing = held.postpone();
    expect(nothing.outcome.kind === 'reply' && decodeReply(nothing.outcome.body).reply).toMatchObject({
      code: 2_150_858_793,
    });
    const later = host.take(soap(receive, 'uuid:24'));
    expect(later.ready()).toBe(false);
    expect(host.take(soap(stop, 'uuid:25')).give()).toMatchObject({ index: 4 });
    expect(later.ready()).toBe(true);
    expect(later.give()).toMatchObject({ index: 3 });
  });
});
