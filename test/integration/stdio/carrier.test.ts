import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { poolTarget } from '../../../src/remote/protocol/psrp/outbox.ts';
import type { Carried } from '../../../src/remote/transport/pool/pool-carrier.ts';
import { StdioCarrier } from '../../../src/remote/transport/stdio/stdio-carrier.ts';

const pipeline = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
const server = new URL('../local/odd-server.ts', import.meta.url).pathname;
let carrier: StdioCarrier;
beforeEach(async () => {
  carrier = new StdioCarrier(randomBytes(16).toString('hex'), {
    host: 'here',
    program: { file: process.execPath, args: [server, 'speaks-to-both'] },
    connectTimeoutMs: 60_000,
    explain: ({ errorText }) => {
      throw new Error(errorText);
    },
  });
  await carrier.open(new Uint8Array(), undefined);
  carrier.opened();
});
afterEach(() => carrier.abandon());

const wordsOf = ({ pieces }: Carried) => pieces.map(({ bytes }) => Buffer.from(bytes).toString('utf8'));
/** What a reader gets until it has so many words. */
const read = async (target: string, count: number) => {
  const words: string[] = [];
  while (words.length < count) words.push(...wordsOf(await carrier.receive(target)));
  return words;
};

it('each of two readers gets what came for it, and nothing of the other’s', async () => {
  const pools = read(poolTarget, 1);
  await carrier.begin(pipeline, ' ', Buffer.from('x'));
  expect(await read(pipeline, 2)).toEqual(['mine', 'too']);
  expect(await pools).toEqual(["the pool's"]);
});

it('a pipeline also gets what the pool says where nobody else waits for that', async () => {
  await carrier.begin(pipeline, ' ', Buffer.from('x'));
  expect(await read(pipeline, 3)).toEqual(['mine', "the pool's", 'too']);
});

it('what was said to a pipeline that is done with is read by nobody', async () => {
  await carrier.begin(pipeline, ' ', Buffer.from('x'));
  await carrier.finish(pipeline);
  expect(await read(poolTarget, 1)).toEqual(["the pool's"]);
});
