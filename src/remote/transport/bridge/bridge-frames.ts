import { Failure } from '../../../kernel/failure.ts';
import { parseClixml } from '../../protocol/clixml/parse-clixml.ts';
import type { PsValue } from '../../protocol/clixml/values.ts';

/** What a frame may be; see the door of the bridge's script. */
const kinds = [
  'hello',
  'key',
  'sealed',
  'opened',
  'output',
  'error',
  'warning',
  'verbose',
  'debug',
  'information',
  'progress',
  'end',
  'closed',
  'fault',
] as const;

/** One frame of an answer. */
export type BridgeFrame = { readonly kind: (typeof kinds)[number]; readonly value: PsValue };

/** So much of what is no answer is kept, in characters: it says why a session could not be opened. */
const mostNoise = 4_000;
/** A quarter of a billion characters, half of what Node takes for a text. */
const longestFrame = 256 * 1024 * 1024;

/** Reads the answers of one bridge: the parts of a text of frames, and around them whatever else its process printed. */
export class FrameReader {
  readonly #token: string;
  readonly #longest: number;
  /** The beginning of a frame whose rest comes with the next answer. */
  #rest: string[] = [];
  #restLength = 0;
  #noise = '';

  /** @param longest characters of the longest frame that is taken: one object that a script put out */
  constructor(token: string, longest = longestFrame) {
    this.#token = token;
    this.#longest = longest;
  }

  /** The last of what was printed outside of answers. */
  get noise(): string {
    return this.#noise.trim();
  }

  /**
   * Takes what the process printed for one line, and gives the frames that it completes.
   * @throws Failure `protocol-error` if there is no answer in it, or one that is damaged
   */
  read(printed: string): BridgeFrame[] {
    const from = printed.indexOf(`${this.#token}{`);
    const to = printed.lastIndexOf(`}${this.#token}`);
    if (from < 0 || to < from) {
      this.#keep(printed);
      throw new Failure(
        'protocol-error',
        `The local PowerShell gave no answer. It printed: ${this.noise || 'nothing'}`,
      );
    }
    this.#keep(printed.slice(0, from) + printed.slice(to + this.#token.length + 1));
    const [first = '', ...others] = printed.slice(from + this.#token.length + 1, to).split('\n');
    // A long frame comes in many parts; they are put together once, when its line ends.
    this.#rest.push(first);
    this.#restLength += first.length;
    if (this.#restLength > this.#longest)
      throw new Failure(
        'protocol-error',
        `The script put out one object of more than ${this.#longest} characters; put out smaller ones.`,
      );
    const last = others.pop();
    if (last === undefined) return [];
    const lines = [this.#rest.join(''), ...others];
    this.#rest = [last];
    this.#restLength = last.length;
    return lines.map(readFrame);
  }

  #keep(text: string): void {
    if (text.trim() !== '') this.#noise = `${this.#noise}${text}\n`.slice(-mostNoise);
  }
}

function readFrame(line: string): BridgeFrame {
  const [, name, base64 = ''] = /^([a-z]+) ([A-Za-z0-9+/]*={0,2})$/u.exec(line) ?? [];
  const kind = kinds.find((known) => known === name);
  if (!kind)
    throw new Failure('protocol-error', 'A line of the local PowerShell is no frame: another program wrote into it.');
  return { kind, value: parseClixml(Buffer.from(base64, 'base64').toString('utf8')) };
}
