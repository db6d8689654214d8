import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../../../src/kernel/failure.ts';
import { decoders } from './decoders.ts';
import { nearlyBytes, nearlyText } from './mutations.ts';

/** More inputs, and other ones each time, with `KINTSUGI_FUZZ_RUNS`; else few, and always the same. */
const longer = process.env['KINTSUGI_FUZZ_RUNS'];
const runs = longer === undefined ? { numRuns: 250, seed: 20_260_115 } : { numRuns: Number(longer) };
const limitMs = longer === undefined ? 60_000 : 24 * 3_600_000;

/** Lets nothing pass but a value or a Failure. */
function tolerate(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.code).toBe('protocol-error');
  }
}

describe('Whatever comes ends in a value or a protocol error', () => {
  test.each(decoders.map((decoder) => [decoder.name, decoder] as const))(
    '%s',
    (_, decoder) => {
      // Seeds are valid: else their changes would prove little.
      for (const seed of decoder.seeds) expect(() => decoder.decode(seed as never)).not.toThrow();
      if (decoder.kind === 'text')
        fc.assert(
          fc.property(nearlyText(decoder.seeds, decoder.pieces), (text) => tolerate(() => decoder.decode(text))),
          runs,
        );
      else
        fc.assert(
          fc.property(nearlyBytes(decoder.seeds), (bytes) => tolerate(() => decoder.decode(bytes))),
          runs,
        );
    },
    limitMs,
  );
});
