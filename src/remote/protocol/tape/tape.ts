import { Failure } from '../../../kernel/failure.ts';

/** One request to a host and its answer, SOAP in clear text, as it was before sealing and after unsealing. */
export type TapeExchange = {
  readonly request: string;
  /** Absent where the connection broke before the answer. */
  readonly response?: string;
  /** An HTTP status other than 200, and 500 with a SOAP fault. */
  readonly transport_error?: { readonly code: number };
  /** Whether the login was refused. */
  readonly auth_error?: boolean;
  /** Whether no answer came as long as the client had patience. */
  readonly timeout?: boolean;
  /** When the request was sent and when its answer came, in ms since the session began: requests overlap. */
  readonly ms?: readonly [sent: number, answered: number];
};

/**
 * A recorded session with a host: a JSON or YAML document of this shape. Recordings of others may have more fields, which say nothing to
 * us; where the connection broke they may say `http_error`.
 */
export type Tape = { readonly messages: readonly TapeExchange[] };

/**
 * What came of a request:
 * `reply` an HTTP answer, SOAP or not · `refused-login` 401 · `cut` the connection broke · `silent` nothing within the client's patience.
 */
export type TapeOutcome =
  | { readonly kind: 'reply'; readonly status: number; readonly body: string }
  | { readonly kind: 'refused-login' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'silent' };

/** What came of the request of an exchange. */
export function outcomeOf({ response, transport_error, auth_error, timeout }: TapeExchange): TapeOutcome {
  if (timeout === true) return { kind: 'silent' };
  if (auth_error === true || transport_error?.code === 401) return { kind: 'refused-login' };
  if (transport_error !== undefined) return { kind: 'reply', status: transport_error.code, body: response ?? '' };
  if (response === undefined) return { kind: 'cut' };
  return { kind: 'reply', status: isFault.test(response) ? 500 : 200, body: response };
}

const isFault = /<(?:[\w.-]+:)?Body\b[^<>]*>\s*<(?:[\w.-]+:)?Fault\b/u;

/**
 * Reads a tape from the value of its document.
 * @throws Failure `bad-input`
 */
export function readTape(value: unknown): Tape {
  const messages = field(value, 'messages');
  if (!Array.isArray(messages)) throw refused('Expected a list of messages.');
  return { messages: messages.map((message, index) => readExchange(message, index + 1)) };
}

function readExchange(message: unknown, number: number): TapeExchange {
  const request = field(message, 'request');
  const response = field(message, 'response') ?? undefined;
  if (typeof request !== 'string') throw refused(`Message ${number} has no request.`);
  if (response !== undefined && typeof response !== 'string')
    throw refused(`The response of message ${number} is no text.`);
  const broke = isSet(message, 'http_error');
  const ms = readTimes(field(message, 'ms'));
  const code = Number(field(field(message, 'transport_error'), 'code'));
  return {
    request,
    ...(response === undefined || broke ? {} : { response }),
    ...(code >= 100 && code < 600 && !broke ? { transport_error: { code } } : {}),
    ...(isSet(message, 'auth_error') ? { auth_error: true } : {}),
    ...(isSet(message, 'timeout') ? { timeout: true } : {}),
    ...(ms === undefined ? {} : { ms }),
  };
}

function readTimes(value: unknown): TapeExchange['ms'] {
  const [sent, answered] = Array.isArray(value) ? value.map(Number) : [];
  return sent !== undefined && answered !== undefined && sent <= answered ? [sent, answered] : undefined;
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

const isSet = (message: unknown, name: string): boolean => {
  const value = field(message, name);
  return value !== undefined && value !== null && value !== false;
};

const refused = (what: string): Failure => new Failure('bad-input', `This is no tape. ${what}`);
