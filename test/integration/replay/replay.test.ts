import { describe, expect, it } from 'vitest';
import type { Tape } from '../../../src/remote/protocol/tape/tape.ts';
import { replayTape } from '../../helpers/replay/replay-tape.ts';
import { exchanges } from '../../unit/remote/protocol/psrp/exchanges.ts';
import { alter, rename, scrub } from './alter-tape.ts';
import { tapeOf } from './corpus-tapes.ts';

const taped = (id: string): Tape => tapeOf(exchanges.find((exchange) => exchange.id === id)!);

describe('A conversation with a real PowerShell', () => {
  it.each(exchanges.map((exchange) => [exchange.id, exchange] as const))(
    '%s is replayed as a tape',
    async (_, exchange) => {
      expect(await replayTape(tapeOf(exchange))).toEqual([]);
    },
  );

  it.each(exchanges.map((exchange) => [exchange.id, exchange] as const))(
    '%s is replayed with zeros for ids and other prefixes',
    async (_, exchange) => {
      expect(await replayTape(rename(scrub(tapeOf(exchange))))).toEqual([]);
    },
  );
});
