import { Failure, type FailureCode } from '../../kernel/failure.ts';
import type { ScriptFault } from './host-kit.ts';
import type { InvokeOptions, PsInput, RemoteShell } from './remote-shell.ts';

/** Fixed error ids of the kit that have a row of their own in the failure table. */
const codes: Readonly<Record<string, FailureCode>> = {
  KtStaleClaim: 'claim-lost',
  KtTampered: 'kit-folder-tampered',
  KtLedgerBroken: 'ledger-broken',
  KtCommitted: 'run-committed',
};

/** One call of the kit's door: name, named arguments, limits. Gives what the door gave, still untyped. */
export type AskKit = (
  door: string,
  given?: Readonly<Record<string, PsInput>>,
  options?: InvokeOptions,
) => Promise<unknown>;

/** .NET ticks (100 ns since year 1) at 1970-01-01 UTC. */
export const epochTicks = 621_355_968_000_000_000n;

/**
 * How a session is spoken to, as far as it was agreed on when it was opened. The controller's time goes with every call, and the host's
 * clock is judged against it: a host's monotonic clock can stand still or jump between two calls (a suspended virtual machine).
 */
export type KitSession = {
  /** The command that a call goes to: the kit's own door, or that of a no-language endpoint's module. */
  door: string;
  /** The controller's UTC now in ms; null before it is agreed on. */
  reference: (() => number) | null;
  /** Smallest round trip that was measured, ms. */
  roundTripMs: number;
};

/**
 * Binds the kit's door to a session.
 * @throws Failure those of the session; `claim-lost`, `kit-folder-tampered`, `ledger-broken`, `run-committed` or `kit-error` (with `facts.error`) as the kit says
 */
export function bindKitDoor(shell: RemoteShell, session: KitSession): AskKit {
  return async (door, given = {}, options = {}) => {
    const parameters = { Name: door, With: given, ...timeStamp(session) };
    const call = { kind: 'command', name: session.door, parameters } as const;
    const { output } = await shell.invoke(call, options);
    const answer = parseAnswer(door, output);
    if (answer.ok) return answer.value;
    throw kitFailure(door, answer.fault);
  };
}

/** The time at which this call is expected to arrive: now and half a round trip. */
function timeStamp({ reference, roundTripMs }: KitSession): Readonly<Record<string, PsInput>> {
  if (reference === null) return {};
  return { UtcTicks: String(ticksOf(reference() + roundTripMs / 2)), RoundTripMs: Math.round(roundTripMs) };
}

/** ms since 1970 as .NET ticks, exact to the microsecond. */
export function ticksOf(unixMs: number): bigint {
  return epochTicks + BigInt(Math.round(unixMs * 1000)) * 10n;
}

type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fault: ScriptFault };

function parseAnswer(door: string, output: readonly unknown[]): Answer {
  const text = output.length === 1 ? output[0] : undefined;
  if (typeof text !== 'string')
    throw new Failure(
      'protocol-error',
      `The kit's door '${door}' should give one JSON text, but gave ${output.length} objects.`,
    );
  const answer = parseJson(text, `the kit's door '${door}'`);
  if (isRecord(answer) && answer['ok'] === true) return { ok: true, value: answer['value'] };
  if (isRecord(answer) && answer['ok'] === false) return { ok: false, fault: readFault(answer['fault']) };
  throw new Failure('protocol-error', `The kit's door '${door}' gave JSON without 'ok'.`);
}

/** JSON text from the host as a value. @throws Failure `protocol-error` */
export function parseJson(text: string, source: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    throw new Failure('protocol-error', `Expected JSON from ${source}, got: ${text.slice(0, 200)}`, { cause });
  }
}

/** Whether a value is an object with named fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A fault as the kit tells it. */
export function readFault(value: unknown): ScriptFault {
  const fields = isRecord(value) ? value : {};
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  return {
    message: text('message'),
    fqid: text('fqid'),
    hresult: typeof fields['hresult'] === 'string' ? fields['hresult'] : null,
    script: text('script'),
    line: typeof fields['line'] === 'number' ? fields['line'] : null,
  };
}

function kitFailure(door: string, fault: ScriptFault): Failure {
  const { message, fqid, hresult, line } = fault;
  const error = {
    message,
    fqid,
    category: 'InvalidOperation',
    ...(hresult === null ? {} : { hresult: Number(hresult) }),
    ...(line === null ? {} : { position: { scriptName: fault.script, line, offset: 1 } }),
  };
  return new Failure(codes[fqid] ?? 'kit-error', message, { facts: { door, error } });
}
