import { Failure } from '../../../kernel/failure.ts';
import { decodePacket, type Packet, packetStart } from './packet.ts';

/** What a line was. */
export type Incoming = Packet | { readonly kind: 'remoteError'; readonly text: string };

/** PowerShell writes errors so where its two streams are one. */
const errorPrefix = '__NamedPipeError__:';
/** A server puts one fragment of 32 kB into a line; this leaves room for others. */
const longestLineBytes = 64 * 2 ** 20;
/** Characters kept of what was no packet. */
const noiseKept = 2_000;
const newline = 0x0a;

/**
 * Cuts a stream into packets, however its bytes arrive. What others write before a packet (banners, profiles) is passed over and kept for
 * messages; work is linear in the bytes received.
 */
export class PacketReader {
  #parts: Buffer[] = [];
  #length = 0;
  #noise = '';
  /** Whether a packet came: until then a stranger's `<` is no fault. */
  #begun = false;

  /** The last of what was no packet; empty if there was nothing. */
  get noise(): string {
    return this.#noise.trim();
  }

  /**
   * Takes bytes and gives what the lines that they complete say.
   * @throws Failure `protocol-error` for a line that is neither a packet nor passed over
   */
  push(bytes: Uint8Array): Incoming[] {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const found: Incoming[] = [];
    let from = 0;
    for (let end = buffer.indexOf(newline); end >= 0; end = buffer.indexOf(newline, from)) {
      const read = this.#readLine(this.#takeLine(buffer.subarray(from, end)));
      if (read) found.push(read);
      from = end + 1;
    }
    this.#keep(buffer.subarray(from));
    return found;
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#length > longestLineBytes) {
      throw new Failure(
        'protocol-error',
        `PSRP over stdio: expected lines of at most ${longestLineBytes} bytes, got more without a line end.`,
      );
    }
  }

  #takeLine(last: Buffer): string {
    this.#keep(last);
    const line = Buffer.concat(this.#parts, this.#length).toString('utf8');
    this.#parts = [];
    this.#length = 0;
    return line;
  }

  #readLine(line: string): Incoming | undefined {
    if (line.startsWith(errorPrefix)) return { kind: 'remoteError', text: line.slice(errorPrefix.length).trim() };
    const start = this.#begun ? line.indexOf('<') : line.search(packetStart);
    if (start !== 0) this.#noise = `${this.#noise}${start < 0 ? `${line}\n` : line.slice(0, start)}`.slice(-noiseKept);
    if (start < 0) return undefined;
    const packet = decodePacket(line.slice(start));
    this.#begun = true;
    return packet;
  }
}
