import { Failure } from '../../kernel/failure.ts';
import type { Json } from '../../kernel/words.ts';
import type {
  Application,
  ClaimResult,
  CommitResult,
  Detection,
  FormerAttempt,
  HostKit,
  ProtectionResult,
  ScriptOutcome,
  TouchedFacts,
  UndoResult,
  Verification,
} from './host-kit.ts';
import { isRecord, readFault } from './kit-door.ts';

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown, what: string): Fields {
  if (isRecord(value)) return value;
  throw new Failure('protocol-error', `The kit should tell ${what} as an object, but gave ${JSON.stringify(value)}.`);
}

function wrong(name: string, expected: string, value: unknown): Failure {
  return new Failure(
    'protocol-error',
    `The kit's field '${name}' should be ${expected}, but is ${JSON.stringify(value)}.`,
  );
}

/** A field that must be a text. */
export function text(from: Fields, name: string): string {
  const value = from[name];
  if (typeof value === 'string') return value;
  throw wrong(name, 'a text', value);
}

/** A field that must be a number. */
export function number(from: Fields, name: string): number {
  const value = from[name];
  if (typeof value === 'number') return value;
  throw wrong(name, 'a number', value);
}

/** A field that must be true or false. */
export function flag(from: Fields, name: string): boolean {
  const value = from[name];
  if (typeof value === 'boolean') return value;
  throw wrong(name, 'true or false', value);
}

/** A field that must be a list. */
export function list(from: Fields, name: string): readonly unknown[] {
  const value = from[name];
  if (Array.isArray(value)) return value;
  throw wrong(name, 'a list', value);
}

/** A list of texts. */
export function texts(from: Fields, name: string): readonly string[] {
  return list(from, name).map((value) => {
    if (typeof value === 'string') return value;
    throw wrong(name, 'a list of texts', value);
  });
}

/** What JSON gave is JSON; the type only says so. */
export function json(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (Array.isArray(value)) return value.map(json);
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, json(item)]));
  return null;
}

/** An object of the kit with named fields. */
export const readFields = fields;

/** A user who is signed in; null for nobody. */
export function readUser(value: unknown): Awaited<ReturnType<HostKit['signedInUser']>> {
  if (value === null || value === undefined) return null;
  const from = fields(value, 'a user');
  return {
    sid: text(from, 'sid'),
    account: text(from, 'account'),
    session: number(from, 'session'),
    console: flag(from, 'console'),
  };
}

/** What became of a claim. */
export function readClaim(value: unknown): ClaimResult {
  const from = fields(value, 'a claim');
  switch (from['kind']) {
    case 'claimed':
      return { kind: 'claimed', token: number(from, 'token') };
    case 'held':
      return { kind: 'held', run: text(from, 'run'), since: text(from, 'since') };
    case 'tampered':
      return { kind: 'tampered', path: text(from, 'path'), reason: text(from, 'reason') };
    default:
      throw wrong('kind', 'claimed, held or tampered', from['kind']);
  }
}

/** What is known of a former attempt. */
export function readFormer(value: unknown): FormerAttempt {
  const from = fields(value, 'a former attempt');
  const { processId, task } = from;
  return {
    alive: flag(from, 'alive'),
    processId: typeof processId === 'number' ? processId : null,
    task: typeof task === 'string' ? task : null,
  };
}

/** How the host was made restorable. */
export function readProtection(value: unknown): ProtectionResult {
  const from = fields(value, 'a protection');
  const { kind, method } = from;
  if (kind === 'running') return { kind, task: text(from, 'task') };
  if (kind === 'impossible') return { kind, reason: text(from, 'reason'), remedy: text(from, 'remedy') };
  if (kind !== 'protected') throw wrong('kind', 'protected, running or impossible', kind);
  if (method !== 'restore-point' && method !== 'shadow-copy' && method !== 'none')
    throw wrong('method', 'restore-point, shadow-copy or none', method);
  const enabledSystemProtection = flag(from, 'enabledSystemProtection');
  return { kind, method, id: text(from, 'id'), proof: json(from['proof']), enabledSystemProtection };
}

/** How a script stands: its result read by `read`. */
export function readOutcome<T>(value: unknown, read: (result: Fields) => T): ScriptOutcome<T> {
  const from = fields(value, "a script's outcome");
  switch (from['kind']) {
    case 'done':
      return { kind: 'done', result: read(fields(from['result'], "a script's result")) };
    case 'failed':
      return { kind: 'failed', fault: readFault(from['fault']) };
    case 'running':
      return {
        kind: 'running',
        task: text(from, 'task'),
        heartbeatAgeMs: number(from, 'heartbeatAgeMs'),
        lastLine: text(from, 'lastLine'),
      };
    default:
      throw wrong('kind', 'done, failed or running', from['kind']);
  }
}

/** The result of an apply or undo script. */
export const readApplication = (from: Fields): Application => ({
  changed: flag(from, 'changed'),
  facts: json(from['facts']),
  rebootRequired: flag(from, 'rebootRequired'),
});

/** The result of a detect script. */
export const readDetection = (from: Fields): Detection => ({
  needed: flag(from, 'needed'),
  possible: flag(from, 'possible'),
  reason: text(from, 'reason'),
  facts: json(from['facts']),
});

/** The result of a verify script. */
export const readVerification = (from: Fields): Verification => ({
  ok: flag(from, 'ok'),
  reason: text(from, 'reason'),
  facts: json(from['facts']),
});

/** The result of whichever script a task ran. */
export function readAnyResult(from: Fields): Application | Detection | Verification {
  if ('ok' in from) return readVerification(from);
  return 'needed' in from ? readDetection(from) : readApplication(from);
}

/** What an undo did. */
export function readUndo(value: unknown): UndoResult {
  const from = fields(value, 'an undo');
  return {
    changes: list(from, 'changes').map((item) => {
      const change = fields(item, 'an undone change');
      return {
        seq: number(change, 'seq'),
        change: text(change, 'change'),
        target: text(change, 'target'),
        ok: flag(change, 'ok'),
        reason: text(change, 'reason'),
      };
    }),
    irreversible: list(from, 'irreversible').map((item) => {
      const change = fields(item, 'an irreversible change');
      return {
        seq: number(change, 'seq'),
        // A run that was begun before the kit told it is undone by its own kit.
        ...(change['change'] === undefined ? {} : { change: text(change, 'change') }),
        target: text(change, 'target'),
        reason: text(change, 'reason'),
      };
    }),
  };
}

/** Facts by name. */
export function readTouched(value: unknown): TouchedFacts {
  const from = fields(value, 'touched facts');
  return Object.fromEntries(Object.keys(from).map((name) => [name, text(from, name)]));
}

/** What a commit removed and kept. */
export function readCommit(value: unknown): CommitResult {
  const from = fields(value, 'a commit');
  const removed = list(from, 'removed').map((item) => {
    const one = fields(item, 'a removed path');
    return { path: text(one, 'path'), bytes: number(one, 'bytes') };
  });
  return { removed, kept: texts(from, 'kept') };
}
