import { Reassembler } from '../../../src/remote/protocol/psrp/fragments.ts';
import type { Packet } from './exchange.ts';

/** Puts the messages of an exchange together, each side, target and stream for itself. */
export class WholeMessages {
  readonly #lanes = new Map<string, Reassembler>();

  /** The messages that a packet completes. @throws Failure `protocol-error` for bytes that are no fragments */
  take(packet: Packet): { readonly objectId: bigint; readonly bytes: Uint8Array }[] {
    const lane = `${packet.side} ${packet.target} ${packet.stream}`;
    const reassembler = this.#lanes.get(lane) ?? new Reassembler();
    this.#lanes.set(lane, reassembler);
    return packet.bytes === undefined ? [] : reassembler.push(packet.bytes);
  }
}
