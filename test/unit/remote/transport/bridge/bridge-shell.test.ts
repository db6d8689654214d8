import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../../../src/kernel/failure.ts';
import type { InvokeOptions } from '../../../../../src/remote/powershell/remote-shell.ts';
import { toPs } from '../../../../../src/remote/protocol/clixml/to-ps.ts';
import type { BridgeOrder } from '../../../../../src/remote/transport/bridge/bridge.ts';
import type { BridgeFrame } from '../../../../../src/remote/transport/bridge/bridge-frames.ts';
import { BridgeShell } from '../../../../../src/remote/transport/bridge/bridge-shell.ts';
import { failureOf } from '../../../../contract/shared-shell.ts';

const info = {
  host: 'pc1',
  shellId: 'A',
  transport: 'bridge',
  mechanism: 'kerberos',
  sealed: true,
  protocolVersion: '2.3',
} as const;
const frame = (kind: BridgeFrame['kind'], value: unknown): BridgeFrame => ({ kind, value: toPs(value) });
const end = (fields: object = {}) =>
  frame('end', { State: 'Completed', Error: null, Type: '', Session: 'Opened', ...fields });
const failed = { Message: 'gone', Id: 'X', Category: 'OpenError', Type: 'T' };

/** A bridge whose answers a test gives; orders are remembered. */
function bridgeOf(
  answer: (order: BridgeOrder, waitMs: number) => readonly BridgeFrame[] | Promise<readonly BridgeFrame[]>,
) {
  const verbs: string[] = [];
  return {
    verbs,
    carried: 0,
    kills: 0,
    ask: async (order: BridgeOrder, waitMs = 0) => {
      verbs.push(order.Verb);
      return [...(await answer(order, waitMs))];
    },
    value: toPs,
    async kill() {
      this.kills++;
    },
    async close() {
      verbs.push('close');
    },
  };
}
const call = { kind: 'script', text: 'x' } as const;
const run = (bridge: ReturnType<typeof bridgeOf>, options: InvokeOptions = {}) =>
  new BridgeShell(bridge, info).invoke(call, options);

describe('A session of the bridge', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('puts the output of all answers together', async () => {
    const answers = [[frame('output', [1, 'two'])], [], [frame('output', [null]), end()]];
    expect(await run(bridgeOf(() => answers.shift() ?? []))).toEqual({
      output: [1, 'two', null],
      errors: [],
      hadErrors: false,
    });
  });

  it.each([
    ['a session that broke', { State: 'Failed', Session: 'Broken', Error: failed }],
    ['a session that was cut off', { State: 'Disconnected', Session: 'Disconnected' }],
    [
      'a connection that was lost',
      { State: 'Failed', Error: failed, Type: 'System.Management.Automation.Remoting.PSRemotingTransportException' },
    ],
    ['a stop by someone else', { State: 'Stopped' }],
  ])('ends as dropped for %s, and takes no further call', async (_, fields) => {
    const shell = new BridgeShell(
      bridgeOf(() => [end(fields)]),
      info,
    );
    expect((await failureOf(shell.invoke(call))).code).toBe('dropped');
    expect((await failureOf(shell.invoke(call))).code).toBe('unreachable');
  });

  it('asks to stop once the look that is under way has ended, then waits for the host to say so', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const answers = [[], [], [end({ State: 'Stopped' })]];
    const bridge = bridgeOf((order) => {
      if (order.Verb === 'start') controller.abort(reason);
      return answers.shift() ?? [];
    });
    await expect(run(bridge, { signal: controller.signal })).rejects.toBe(reason);
    expect(bridge.verbs).toEqual(['start', 'stop', 'read']);
  });

  it('gives the process up that does not stop in time, and says that the script may still run', async () => {
    const waiting: ((error: Failure) => void)[] = [];
    const bridge = bridgeOf(async (order, waitMs) => {
      if (order.Verb === 'stop') return await new Promise((_, reject) => waiting.push(reject));
      await vi.advanceTimersByTimeAsync(waitMs);
      return [];
    });
    const failure = failureOf(run(bridge, { timeoutMs: 1_000 }));
    await vi.waitFor(() => expect(bridge.verbs).toContain('stop'));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(bridge.kills).toBe(1);
    waiting[0]?.(new Failure('dropped', 'The local PowerShell ended.'));
    expect(await failure).toMatchObject({
      code: 'timed-out',
      message: expect.stringContaining('may still be running'),
      facts: { stopped: false },
    });
  });

  it('is lost where a stop that the caller asked for was not confirmed', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const bridge = bridgeOf((order) => {
      if (order.Verb === 'stop') throw new Failure('dropped', 'The local PowerShell ended.');
      controller.abort(reason);
      return [];
    });
    const shell = new BridgeShell(bridge, info);
    expect(await failureOf(shell.invoke(call, { signal: controller.signal }))).toMatchObject({
      code: 'dropped',
      message: expect.stringContaining('may still be running'),
      facts: { cause: 'not-stopped', stopped: false },
      cause: reason,
    });
    expect((await failureOf(shell.invoke(call))).code).toBe('unreachable');
  });

  it('is given up in time where the look before the stop hangs', async () => {
    const waiting: ((error: Failure) => void)[] = [];
    const bridge = bridgeOf(() => new Promise((_, reject) => waiting.push(reject)));
    const failure = failureOf(run(bridge, { timeoutMs: 1_000 }));
    await vi.advanceTimersByTimeAsync(30_999);
    expect(bridge.kills).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(bridge.kills).toBe(1);
    waiting[0]?.(new Failure('dropped', 'The local PowerShell ended.'));
    expect(await failure).toMatchObject({ code: 'timed-out', facts: { stopped: false } });
  });

  it.each([
    ['before it was given the script', 'start', 'unreachable'],
    ['while it looked after the script', 'read', 'dropped'],
  ])('whose process was gone %s ends so', async (_, verb, code) => {
    const bridge = bridgeOf((order) => {
      if (order.Verb === verb) throw new Failure('unreachable', 'The local PowerShell has ended.');
      return [];
    });
    expect((await failureOf(run(bridge))).code).toBe(code);
  });

  it('looks less often after a script that has long been quiet', async () => {
    const waits: number[] = [];
    const bridge = bridgeOf(async (_, waitMs) => {
      waits.push(waitMs);
      await vi.advanceTimersByTimeAsync(waitMs);
      return waits.length > 60 ? [end()] : [];
    });
    await run(bridge);
    expect(waits[0]).toBe(250);
    expect(waits.at(-1)).toBe(1_000);
  });

  it('is used up after so many calls, so that what its process keeps has an end', async () => {
    const shell = new BridgeShell(
      bridgeOf(() => [end()]),
      info,
    );
    for (let i = 0; i < 10_000; i++) await shell.invoke(call);
    expect(await failureOf(shell.invoke(call))).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('used up'),
    });
  });

  it('ends a call under way before it is closed', async () => {
    const bridge = bridgeOf(async (_, waitMs) => {
      await vi.advanceTimersByTimeAsync(waitMs);
      return [];
    });
    const shell = new BridgeShell(bridge, info);
    const failure = failureOf(shell.invoke(call));
    await vi.waitFor(() => expect(bridge.verbs.length).toBeGreaterThan(0));
    await shell.close();
    expect((await failure).code).toBe('dropped');
    expect(bridge.verbs.at(-1)).toBe('close');
  });
});
