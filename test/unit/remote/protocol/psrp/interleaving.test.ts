import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toPs } from '../../../../../src/remote/protocol/clixml/to-ps.ts';
import { type PsValue, psList } from '../../../../../src/remote/protocol/clixml/values.ts';
import { writeClixml } from '../../../../../src/remote/protocol/clixml/write-clixml.ts';
import type { ClientEvent } from '../../../../../src/remote/protocol/psrp/client-events.ts';
import { Fragmenter, Reassembler } from '../../../../../src/remote/protocol/psrp/fragments.ts';
import { decodeMessage, encodeMessage } from '../../../../../src/remote/protocol/psrp/message.ts';
import { holdsSecret } from '../../../../../src/remote/protocol/psrp/secrets.ts';
import { outputs, Pair, pipelineA, pipelineB, poolId } from './in-memory.ts';

const pipelines = [pipelineA, pipelineB, 'cccccccc-1111-4222-8333-444444444444'] as const;
const values = fc.array(
  fc.jsonValue({ maxDepth: 3 }).map((value) => toPs(value)),
  { maxLength: 5 },
);

/** Turns: which target comes next, how much it may send, and how many of its bytes arrive. */
const turns = fc.array(
  fc.record({ target: fc.nat(), bytes: fc.integer({ min: 22, max: 500 }), arrives: fc.nat(200) }),
  {
    minLength: 1,
    maxLength: 30,
  },
);

describe('A client that hears several pipelines at once', () => {
  test('gets what each of them said, in its order, however their bytes are mixed', () => {
    fc.assert(
      fc.property(fc.tuple(values, values, values), turns, (said, mix) => {
        const pair = new Pair().open();
        for (const id of pipelines) pair.client.createPipeline(id, { statements: [[{ text: 'x' }]] });
        pair.pass();
        for (const [index, id] of pipelines.entries()) {
          for (const value of said[index] ?? []) pair.server.sendOutput(id, value);
          pair.server.setPipelineState(id, 'completed');
        }
        const events = deliver(pair, mix);
        for (const [index, id] of pipelines.entries()) {
          expect(outputs(events, id)).toEqual(said[index]);
          expect(pair.client.pipelineState(id)).toBe('completed');
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** Carries everything that the server has to say, a piece of one target after a piece of another. */
function deliver(pair: Pair, mix: readonly { target: number; bytes: number; arrives: number }[]): ClientEvent[] {
  const events: ClientEvent[] = [];
  const under = new Map<string, Uint8Array>(pipelines.map((id) => [id, new Uint8Array()]));
  for (let turn = 0; ; turn++) {
    const open = pipelines.filter(
      (id) => (under.get(id)?.length ?? 0) > 0 || pair.server.pendingTargets().includes(id),
    );
    const { target, bytes, arrives } = mix[turn % mix.length]!;
    const id = open[(target + turn) % Math.max(1, open.length)];
    if (id === undefined) return events;
    const chunk = pair.server.dataToSend(id, bytes)?.bytes ?? new Uint8Array();
    const waiting = new Uint8Array(Buffer.concat([under.get(id) ?? new Uint8Array(), chunk]));
    // At least one byte, so that it ends.
    events.push(...pair.client.receive(waiting.subarray(0, arrives + 1), id));
    under.set(id, waiting.subarray(arrives + 1));
  }
}

describe('A message', () => {
  test('comes out of any fragments and pieces as it went in', () => {
    fc.assert(
      fc.property(
        fc.record({ value: values.map((items) => psList(items)), bom: fc.boolean(), pipeline: fc.boolean() }),
        fc.array(fc.integer({ min: 22, max: 9000 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 4 }),
        ({ value, bom, pipeline }, rooms, sizes) => {
          const message = {
            destination: 'client',
            type: 'pipelineOutput',
            poolId,
            pipelineId: pipeline ? pipelineA : null,
            data: writeClixml(value),
            bom,
          } as const;
          const fragmenter = new Fragmenter(7n, encodeMessage(message));
          const wire: Uint8Array[] = [];
          for (let turn = 0; !fragmenter.done; turn++) wire.push(fragmenter.next(rooms[turn % rooms.length]!)!);
          const bytes = Buffer.concat(wire);
          const reassembler = new Reassembler();
          const whole: Uint8Array[] = [];
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const size = sizes[turn % sizes.length]!;
            whole.push(...reassembler.push(bytes.subarray(at, at + size)).map((done) => done.bytes));
            at += size;
          }
          expect(whole.map((done) => decodeMessage(done))).toEqual([message]);
          expect(reassembler.idle).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('of many large and small pieces is put together in their order', () => {
    const message = Uint8Array.from({ length: 60_000 }, (_, place) => place % 251);
    const fragmenter = new Fragmenter(1n, message);
    const reassembler = new Reassembler();
    const done: Uint8Array[] = [];
    for (let turn = 0; !fragmenter.done; turn++) {
      const fragment = fragmenter.next(turn % 3 === 0 ? 9000 : 30 + turn)!;
      const middle = turn % 2 === 0 ? 5 : fragment.length - 3;
      for (const piece of [fragment.subarray(0, middle), fragment.subarray(middle)])
        done.push(...reassembler.push(piece).map(({ bytes }) => bytes));
    }
    expect(done).toEqual([message]);
  });
});

test('A list of hundreds of thousands of values is searched for secrets without running out of stack', () => {
  const many: PsValue[] = Array.from({ length: 300_000 }, () => 1);
  expect(holdsSecret(psList(many))).toBe(false);
});
