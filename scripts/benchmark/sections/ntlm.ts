import { negotiateFlags } from '../../../src/remote/protocol/ntlm/negotiate-flags.ts';
import { NtlmSeal } from '../../../src/remote/protocol/ntlm/ntlm-seal.ts';
import { Rc4 } from '../../../src/remote/protocol/ntlm/rc4.ts';
import type { Figure, Section } from '../section.ts';
import { throughput } from '../throughput.ts';

const flags = negotiateFlags.extendedSessionSecurity | negotiateFlags.key128 | negotiateFlags.keyExchange;
const sessionKey = new Uint8Array(16).fill(7);

function* figures(): Iterable<Figure> {
  const large = new Uint8Array(1_000_000).fill(65);
  const stream = new Rc4(sessionKey);
  yield throughput('RC4', large.length, () => stream.process(large));
  for (const size of [1000, 150_000]) {
    const body = large.subarray(0, size);
    const client = new NtlmSeal('client', sessionKey, flags);
    const server = new NtlmSeal('server', sessionKey, flags);
    yield throughput(`seal and unseal bodies of ${size} bytes`, 2 * size, () => {
      const { signature, sealed } = client.seal(body);
      server.unseal(signature, sealed);
    });
  }
}

export const section: Section = { title: 'NTLM sealing, per second of one core', figures };
