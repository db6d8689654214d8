import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  encodeFragment,
  Fragmenter,
  fragmentHeaderBytes,
  Reassembler,
} from '../../../../../src/remote/protocol/psrp/fragments.ts';
import { Outbox } from '../../../../../src/remote/protocol/psrp/outbox.ts';

const message = fc.uint8Array({ minLength: 1, maxLength: 300 });

/** Cuts bytes into pieces of the given sizes, over and over. */
function pieces(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const cut: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    cut.push(bytes.subarray(at, at + size));
    at += size;
  }
  return cut;
}

describe('Fragmenter and Reassembler', () => {
  test('give back every message, however it was cut and however its bytes arrive', () => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: fragmentHeaderBytes + 1, max: 120 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
        (messages, roomBytes, sizes) => {
          const wire: Uint8Array[] = [];
          for (const [index, bytes] of messages.entries()) {
            const fragmenter = new Fragmenter(BigInt(index + 1), bytes);
            for (let next = fragmenter.next(roomBytes); next !== undefined; next = fragmenter.next(roomBytes)) {
              expect(next.length).toBeLessThanOrEqual(roomBytes);
              wire.push(next);
            }
          }
          const reassembler = new Reassembler();
          const received = pieces(Buffer.concat(wire), sizes).flatMap((piece) => reassembler.push(piece));
          expect(received.map(({ bytes }) => Buffer.from(bytes))).toEqual(messages.map((bytes) => Buffer.from(bytes)));
          expect(received.map(({ objectId }) => objectId)).toEqual(messages.map((_, index) => BigInt(index + 1)));
          expect(reassembler.idle).toBe(true);
        },
      ),
    );
  });

  test('take object ids that are not contiguous and use all 64 bits', () => {
    const reassembler = new Reassembler();
    const ids = [5n, 3n, 2n ** 64n - 1n];
    const wire = ids.map((objectId) =>
      encodeFragment({ objectId, fragmentId: 0n, start: true, end: true, blob: Uint8Array.of(1) }),
    );
    expect(reassembler.push(Buffer.concat(wire)).map(({ objectId }) => objectId)).toEqual(ids);
  });

  const piece = (objectId: bigint, fragmentId: bigint, start: boolean, end: boolean): Uint8Array =>
    encodeFragment({ objectId, fragmentId, start, end, blob: Uint8Array.of(7, 7) });

  test.each([
    ['a message without its start', [piece(1n, 1n, false, true)]],
    ['a start that is not the first fragment', [piece(1n, 3n, true, true)]],
    ['a fragment that is missing', [piece(1n, 0n, true, false), piece(1n, 2n, false, true)]],
    ['a fragment twice', [piece(1n, 0n, true, false), piece(1n, 0n, true, false)]],
    ['fragments of two messages mixed', [piece(1n, 0n, true, false), piece(2n, 0n, true, true)]],
    ['another object in between', [piece(1n, 0n, true, false), piece(2n, 1n, false, true)]],
    ['the object id zero', [piece(0n, 0n, true, true)]],
  ])('refuse %s', (_, wire) => {
    expect(() => new Reassembler().push(Buffer.concat(wire))).toThrow(
      expect.objectContaining({ code: 'protocol-error' }),
    );
  });

  test('refuse a message over the limit as soon as it shows', () => {
    const reassembler = new Reassembler(100);
    const header = encodeFragment({
      objectId: 1n,
      fragmentId: 0n,
      start: true,
      end: false,
      blob: new Uint8Array(101),
    }).subarray(0, 21);
    expect(() => reassembler.push(header)).toThrow('100 bytes');
  });

  test('take a fragment without content', () => {
    const reassembler = new Reassembler();
    const empty = encodeFragment({ objectId: 1n, fragmentId: 0n, start: true, end: false, blob: new Uint8Array() });
    expect(reassembler.push(empty)).toEqual([]);
    expect(reassembler.push(piece(1n, 1n, false, true))).toHaveLength(1);
    const last = encodeFragment({ objectId: 2n, fragmentId: 1n, start: false, end: true, blob: new Uint8Array() });
    expect(reassembler.push(piece(2n, 0n, true, false))).toEqual([]);
    expect(reassembler.push(last).map(({ bytes }) => [...bytes])).toEqual([[7, 7]]);
    expect(reassembler.idle).toBe(true);
  });
});

describe('Outbox', () => {
  const ready = (bytes: Uint8Array, when = () => true): Parameters<Outbox['push']>[2] => ({
    encode: () => bytes,
    ready: when,
  });

  test('fills each chunk to its limit and never beyond', () => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 22, max: 400 }),
        (messages, maxBytes) => {
          const outbox = new Outbox();
          for (const bytes of messages) outbox.push('pool', 'default', ready(bytes));
          const reassembler = new Reassembler();
          const received: Buffer[] = [];
          for (let chunk = outbox.take('pool', maxBytes); chunk !== undefined; chunk = outbox.take('pool', maxBytes)) {
            expect(chunk.bytes.length).toBeLessThanOrEqual(maxBytes);
            // Room for another fragment is left only where nothing is left to send.
            if (outbox.targets().length > 0)
              expect(maxBytes - chunk.bytes.length).toBeLessThanOrEqual(fragmentHeaderBytes);
            received.push(...reassembler.push(chunk.bytes).map(({ bytes }) => Buffer.from(bytes)));
          }
          expect(received).toEqual(messages.map((bytes) => Buffer.from(bytes)));
        },
      ),
    );
  });

  test('keeps targets apart and lets none wait for another', () => {
    const outbox = new Outbox();
    let open = false;
    outbox.push(
      'a',
      'default',
      ready(Uint8Array.of(1), () => open),
    );
    outbox.push('a', 'default', ready(Uint8Array.of(2)));
    outbox.push('b', 'default', ready(Uint8Array.of(3)));
    expect(outbox.targets()).toEqual(['b']);
    expect(outbox.take('a', 100)).toBeUndefined();
    expect(outbox.take('b', 100)?.bytes.at(-1)).toBe(3);
    open = true;
    const chunk = outbox.take('a', 100);
    expect(new Reassembler().push(chunk!.bytes).map(({ bytes }) => bytes[0])).toEqual([1, 2]);
  });

  test('lets other targets wait until a first message is out whole', () => {
    const outbox = new Outbox();
    outbox.push('a', 'default', ready(Uint8Array.of(1)));
    outbox.push('pool', 'default', { ...ready(new Uint8Array(50)), first: true });
    expect(outbox.targets()).toEqual(['pool']);
    outbox.take('pool', 40);
    expect(outbox.targets()).toEqual(['pool']);
    expect(outbox.take('a', 100)).toBeUndefined();
    outbox.take('pool', 100);
    expect(outbox.targets()).toEqual(['a']);
  });

  test('ends a chunk with a message that nothing may follow in it', () => {
    const outbox = new Outbox();
    outbox.push('a', 'default', ready(Uint8Array.of(1)));
    outbox.push('a', 'default', { ...ready(Uint8Array.of(2)), endsChunk: true });
    outbox.push('a', 'default', ready(Uint8Array.of(3)));
    const contents = [outbox.take('a', 1000), outbox.take('a', 1000)].map((chunk) =>
      new Reassembler().push(chunk!.bytes).map(({ bytes }) => bytes[0]),
    );
    expect(contents).toEqual([[1, 2], [3]]);
  });

  test('sends answers to host calls before anything else of their target, on their own stream', () => {
    const outbox = new Outbox();
    outbox.push('a', 'default', ready(Uint8Array.of(1)));
    outbox.push('a', 'promptResponse', ready(Uint8Array.of(2)));
    expect(outbox.take('a', 100)).toMatchObject({ stream: 'promptResponse' });
    expect(outbox.take('a', 100)).toMatchObject({ stream: 'default' });
    expect(outbox.take('a', 100)).toBeUndefined();
  });

  test('drops what waits for a target that is gone', () => {
    const outbox = new Outbox();
    outbox.push('a', 'default', ready(Uint8Array.of(1)));
    outbox.push('b', 'default', ready(Uint8Array.of(1)));
    outbox.discard('a');
    expect(outbox.targets()).toEqual(['b']);
  });

  test('refuses a limit that has no room for a fragment', () => {
    expect(() => new Outbox().take('a', 21)).toThrow('21 bytes');
  });
});
