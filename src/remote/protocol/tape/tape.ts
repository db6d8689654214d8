import { Failure } from '../../../kernel/failure.ts';

/**
 * What came of a request:
 * `reply` an HTTP answer, SOAP text or not · `refused-login` 401 · `cut` the connection broke · `silent` nothing within the client's patience.
 */
export type TapeOutcome =
  | { readonly kind: 'reply'; readonly status: number; readonly body: string }
  | { readonly kind: 'refused-login' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'silent' };

/** One request, in clear text, and what came of it. */
export type TapeExchange = { readonly request: string; readonly outcome: TapeOutcome };

/** A recorded conversation with a WinRM host, after the login and without seals, in the order of the requests. */
export type Tape = { readonly exchanges: readonly TapeExchange[] };

/** Version of the format that is written. */
const tapeVersion = 1;

/**
 * Reads a tape from a value: `messages`, each with `request`, `response` and, where something went wrong, `transport_error` with the HTTP
 * status as `code`, `auth_error`, `http_error` or `timeout`. Fields that it does not know are passed over.
 * @throws Failure `bad-input`
 */
export function readTape(value: unknown): Tape {
  const messages = field(value, 'messages');
  if (!Array.isArray(messages)) throw refused('Expected a list of messages.');
  return { exchanges: messages.map((message, index) => readExchange(message, index + 1)) };
}

/**
 * Reads a tape of JSON lines: a first line with `tape`, the version of the format, then one message a line.
 * @throws Failure `bad-input`
 */
export function parseTape(text: string): Tape {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const [head, ...messages] = lines.map((line, index) => parseLine(line, index + 1));
  const version = field(head, 'tape');
  if (version !== tapeVersion)
    throw refused(`Expected a first line with "tape": ${tapeVersion}, got ${JSON.stringify(version ?? null)}.`);
  return readTape({ messages });
}

/** First line of a tape, without its line break. */
export const tapeHead = (): string => JSON.stringify({ tape: tapeVersion });

/** One exchange as a line of a tape, without its line break. */
export function tapeLine({ request, outcome }: TapeExchange): string {
  switch (outcome.kind) {
    case 'reply': {
      const error = outcome.status === 200 ? {} : { transport_error: { protocol: 'http', code: outcome.status } };
      return JSON.stringify({ request, response: outcome.body, ...error });
    }
    case 'refused-login':
      return JSON.stringify({ request, response: null, auth_error: true });
    case 'cut':
      return JSON.stringify({ request, response: null, http_error: true });
    case 'silent':
      return JSON.stringify({ request, response: null, timeout: true });
  }
}

function readExchange(message: unknown, number: number): TapeExchange {
  const request = field(message, 'request');
  if (typeof request !== 'string') throw refused(`Message ${number} has no request.`);
  return { request, outcome: readOutcome(message, number) };
}

function readOutcome(message: unknown, number: number): TapeOutcome {
  const response = field(message, 'response') ?? '';
  if (typeof response !== 'string') throw refused(`The response of message ${number} is no text.`);
  if (isSet(message, 'timeout')) return { kind: 'silent' };
  if (isSet(message, 'http_error')) return { kind: 'cut' };
  if (isSet(message, 'auth_error')) return { kind: 'refused-login' };
  if (!isSet(message, 'transport_error')) return { kind: 'reply', status: 200, body: response };
  const code = Number(field(field(message, 'transport_error'), 'code'));
  if (code === 401) return { kind: 'refused-login' };
  if (!(code >= 100 && code < 600)) throw refused(`The transport_error of message ${number} has no HTTP status.`);
  return { kind: 'reply', status: code, body: response };
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

const isSet = (message: unknown, name: string): boolean => {
  const value = field(message, name);
  return value !== undefined && value !== null && value !== false;
};

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw refused(`Line ${number} is no JSON.`, cause);
  }
}

const refused = (what: string, cause?: unknown): Failure =>
  new Failure('bad-input', `This is no tape. ${what}`, cause === undefined ? {} : { cause });
