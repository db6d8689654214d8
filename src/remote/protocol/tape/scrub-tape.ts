import { fragmentHeaderBytes } from '../psrp/fragments.ts';
import { type NameScrubber, nameScrubber } from './scrub-names.ts';
import type { Tape, TapeExchange } from './tape.ts';

/**
 * A tape without the given names: each is overwritten, wherever it stands and however it is spelled, by a stand-in of the same length in bytes, so
 * that lengths of fragments and messages stay true. Names are looked for in the SOAP text and in the PSRP messages inside it, across the
 * fragments into which a message was cut.
 * @param names host, account and domain names; those shorter than {@link shortestName} characters are left alone, since they would hit anything
 */
export function scrubTape(tape: Tape, names: readonly string[]): Tape {
  const wanted = names.filter((name) => name.length >= shortestName);
  if (wanted.length === 0) return tape;
  const scrub = nameScrubber(wanted);
  const payloads = { request: new Payloads(), response: new Payloads() };
  const sides = ['request', 'response'] as const;
  for (const message of tape.messages) for (const side of sides) payloads[side].collect(message[side] ?? '');
  for (const side of sides) payloads[side].rewrite(scrub);
  return {
    ...tape,
    messages: tape.messages.map((message): TapeExchange => {
      const request = payloads.request.replaceIn(message.request, scrub);
      return message.response === undefined
        ? { ...message, request }
        : { ...message, request, response: payloads.response.replaceIn(message.response, scrub) };
    }),
  };
}

/** Names with fewer characters are not looked for. */
export const shortestName = 3;

/** Elements that hold PSRP fragments in base64. */
const payloadElement =
  /(<(?:[\w-]+:)?(Stream|Arguments|creationXml|connectXml|connectResponseXml)\b[^>]*>)([A-Za-z0-9+/=\s]+)(<\/)/gu;

type Part = { readonly bytes: Buffer; readonly from: number; readonly to: number };

/** Where the bytes of one message lie; its text follows behind a header. */
type Parts = { readonly headerBytes: number; readonly parts: readonly Part[] };

/** Bytes before the text of a PSRP message (MS-PSRP 2.2.1). */
const messageHeaderBytes = 40;

/** The payloads of one direction, in order; a message may go on from one into the next. */
class Payloads {
  /** Undefined stands for plain text between tags that could have held a payload. */
  readonly #all: (Buffer | undefined)[] = [];
  readonly #open = new Map<string, Part[]>();
  readonly #messages: Parts[] = [];
  #next = 0;

  collect(xml: string): void {
    for (const match of xml.matchAll(payloadElement)) this.#all.push(this.#take(match[2] ?? '', match[3] ?? ''));
  }

  #take(element: string, text: string): Buffer | undefined {
    const bytes = Buffer.from(text, 'base64');
    const fragments = readFragments(bytes);
    if (fragments === undefined) {
      // Arguments of a native command are plain text, streams are its input and output.
      if (element === 'Arguments') return undefined;
      this.#messages.push({ headerBytes: 0, parts: [{ bytes, from: 0, to: bytes.length }] });
      return bytes;
    }
    for (const { id, ends, part } of fragments) {
      const parts = [...(this.#open.get(id) ?? []), part];
      this.#open.set(id, parts);
      if (!ends) continue;
      this.#open.delete(id);
      this.#messages.push({ headerBytes: messageHeaderBytes, parts });
    }
    return bytes;
  }

  /** Rewrites the text of whole messages in place. */
  rewrite(scrub: NameScrubber): void {
    const unfinished = Array.from(this.#open.values(), (parts) => ({ headerBytes: messageHeaderBytes, parts }));
    for (const message of [...this.#messages, ...unfinished]) rewriteParts(message, scrub);
  }

  /** The text of a message with its payloads as they are now, and the rest of it scrubbed. */
  replaceIn(xml: string, scrub: NameScrubber): string {
    let done = '';
    let at = 0;
    for (const match of xml.matchAll(payloadElement)) {
      const [, opening = '', , payload = ''] = match;
      const from = match.index + opening.length;
      done += scrub.text(xml.slice(at, from)) + (this.#all[this.#next++]?.toString('base64') ?? scrub.text(payload));
      at = from + payload.length;
    }
    return done + scrub.text(xml.slice(at));
  }
}

type FragmentPart = { readonly id: string; readonly ends: boolean; readonly part: Part };

/** The fragments of a payload; undefined if it holds something else. */
function readFragments(bytes: Buffer): readonly FragmentPart[] | undefined {
  const found: FragmentPart[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < fragmentHeaderBytes) return undefined;
    const flags = bytes[at + 16] ?? 0;
    const from = at + fragmentHeaderBytes;
    const to = from + bytes.readUInt32BE(at + 17);
    if (flags > 3 || to > bytes.length) return undefined;
    found.push({ id: bytes.readBigUInt64BE(at).toString(), ends: (flags & 2) !== 0, part: { bytes, from, to } });
    at = to;
  }
  return found;
}

function rewriteParts({ headerBytes, parts }: Parts, scrub: NameScrubber): void {
  const whole = Buffer.concat(parts.map(({ bytes, from, to }) => bytes.subarray(from, to)));
  const text = rewriteText(whole.subarray(headerBytes), scrub);
  text.copy(whole, headerBytes);
  let at = 0;
  for (const { bytes, from, to } of parts) {
    whole.copy(bytes, from, at, at + to - from);
    at += to - from;
  }
}

/** The text in bytes, rewritten; what is no UTF-8 (a cut message, a code page) is taken as bytes. */
function rewriteText(bytes: Buffer, scrub: NameScrubber): Buffer {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? Buffer.from(scrub.text(text), 'utf8') : scrub.bytes(bytes);
}
