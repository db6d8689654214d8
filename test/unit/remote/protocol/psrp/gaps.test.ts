import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClientEvent } from '../../../../../src/remote/protocol/psrp/client-events.ts';
import { fragmentHeaderBytes } from '../../../../../src/remote/protocol/psrp/fragments.ts';
import { poolTarget } from '../../../../../src/remote/protocol/psrp/outbox.ts';
import { primitiveDictionary } from '../../../../../src/remote/protocol/psrp/session-messages.ts';
import { Pair, pipelineA } from './in-memory.ts';

/** A pair whose pipeline has written `count` texts and completed; nothing of it, nor of the pool's opening, has been carried back yet. */
const written = (count: number, chunkBytes: number) => {
  const { client, server } = new Pair();
  client.open();
  server.receive(client.dataToSend(poolTarget, 1 << 20)!.bytes);
  server.acceptOpen(primitiveDictionary([]));
  client.createPipeline(pipelineA, { statements: [[{ text: 'x', isScript: true }]] });
  server.receive(client.dataToSend(pipelineA, 1 << 20)!.bytes, pipelineA);
  const opening = server.dataToSend(poolTarget, 1 << 20)!.bytes;
  for (let n = 0; n < count; n++) server.sendOutput(pipelineA, `text ${n}`);
  server.setPipelineState(pipelineA, 'completed');
  const chunks: Uint8Array[] = [];
  for (let chunk = server.dataToSend(pipelineA, chunkBytes); chunk; chunk = server.dataToSend(pipelineA, chunkBytes))
    chunks.push(chunk.bytes);
  return { client, opening, chunks };
};
const ends = (events: readonly ClientEvent[]) => events.some((event) => event.kind === 'pipelineState');

describe('A client', () => {
  test('hears of a pipeline before it has heard of its pool', () => {
    const { client, opening, chunks } = written(2, 1 << 20);
    expect(chunks.flatMap((chunk) => client.receive(chunk, pipelineA)).map(({ kind }) => kind)).toEqual([
      'output',
      'output',
      'pipelineState',
    ]);
    expect(client.receive(opening).map(({ kind }) => kind)).toEqual([
      'negotiated',
      'applicationPrivateData',
      'poolState',
    ]);
    expect(client.phase).toBe('opened');
  });

  test('still takes nothing of the pool itself before its versions are agreed on', () => {
    const { client, opening } = written(1, 1 << 20);
    const capabilityBytes = fragmentHeaderBytes + Buffer.from(opening).readUInt32BE(fragmentHeaderBytes - 4);
    expect(() => client.receive(opening.subarray(capabilityBytes))).toThrow('expected sessionCapability first');
  });

  test('finds out whether an answer was lost, wherever it was, and takes no output with a hole', () => {
    const cut = fc.record({
      count: fc.integer({ min: 0, max: 6 }),
      chunkBytes: fc.integer({ min: 60, max: 900 }),
      at: fc.nat(40),
      lost: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(cut, ({ count, chunkBytes, at, lost }) => {
        const { client, opening, chunks } = written(count, chunkBytes);
        client.receive(opening);
        const before = at % chunks.length;
        const missing = Math.min(lost, chunks.length - before - 1);
        const events = chunks.slice(0, before).flatMap((chunk) => client.receive(chunk, pipelineA));
        const rest = () => {
          client.mayLack(pipelineA);
          for (const chunk of chunks.slice(before + missing)) events.push(...client.receive(chunk, pipelineA));
        };
        if (missing > 0) {
          expect(rest).toThrow(expect.objectContaining({ code: 'dropped' }));
          expect(ends(events)).toBe(false);
        } else {
          rest();
          expect(events.filter(({ kind }) => kind === 'output')).toHaveLength(count);
          expect(ends(events)).toBe(true);
        }
      }),
    );
  });

  test('cannot know what a pipeline has said first while its pool has not been heard', () => {
    const { client, chunks } = written(1, 1 << 20);
    client.mayLack(pipelineA);
    expect(() => client.receive(chunks[0]!, pipelineA)).toThrow(expect.objectContaining({ code: 'dropped' }));
  });

  test('takes an answer as lost that ended within a fragment', () => {
    const { client, opening, chunks } = written(1, 1 << 20);
    client.receive(opening);
    client.receive(chunks[0]!.subarray(0, 30), pipelineA);
    expect(() => client.mayLack(pipelineA)).toThrow(expect.objectContaining({ code: 'dropped' }));
  });
});
