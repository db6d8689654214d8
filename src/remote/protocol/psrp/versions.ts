import { Failure } from '../../../kernel/failure.ts';

/** Versions of the protocol that both halves speak. 2.4 needs no key exchange; it is only offered if asked for. */
export const protocolVersions = ['2.1', '2.2', '2.3', '2.4'] as const;
/** A version of the protocol. */
export type ProtocolVersion = (typeof protocolVersions)[number];
/** What is offered unless something else is asked for. */
export const offeredVersion: ProtocolVersion = '2.3';

/**
 * The version that two sides speak: the lower one.
 * @throws Failure `protocol-error`, facts `reason: 'version'`, if the other side's version is none of `protocolVersions`
 */
export function negotiateVersion(ours: ProtocolVersion, theirs: string): ProtocolVersion {
  const index = protocolVersions.findIndex((version) => version === theirs);
  const agreed = protocolVersions[Math.min(index, protocolVersions.indexOf(ours))];
  if (agreed === undefined)
    throw new Failure(
      'protocol-error',
      `PSRP: expected a protocol version from ${protocolVersions[0]} to ${protocolVersions.at(-1)}, got "${theirs}"`,
      { facts: { reason: 'version', version: theirs } },
    );
  return agreed;
}
