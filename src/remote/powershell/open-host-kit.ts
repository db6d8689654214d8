import { Failure } from '../../kernel/failure.ts';
import type { Touches } from '../../kernel/words.ts';
import type {
  Application,
  Detection,
  HostKit,
  ScriptCall,
  ScriptFault,
  ScriptOutcome,
  Verification,
} from './host-kit.ts';
import type { HostKitText } from './host-kit-text.ts';
import { jeaCommands } from './jea-endpoint.ts';
import * as answers from './kit-answers.ts';
import { bindKitDoor, type KitSession } from './kit-door.ts';
import { parseLedger } from './ledger-text.ts';
import { openSession } from './open-session.ts';
import type { InvokeOptions, PsInput, RemoteShell } from './remote-shell.ts';
import { overdue, overdueFault, placed } from './script-fault.ts';

/** Waits in ms. */
export type HostKitSettings = {
  /** How long (of the host's own clock) one call of `read` and of `poll` waits on the host for a task of the system lane. */
  readonly readWaitMs: number;
  readonly pollWaitMs: number | (() => number);
  /** What a read-only script is given for starting and answering, beyond its longest duration. */
  readonly readGraceMs: number;
  /** What a script that changes something in the session itself is given beyond its longest duration. */
  readonly applyGraceMs: number;
};

const defaultSettings: HostKitSettings = {
  readWaitMs: 10_000,
  pollWaitMs: 2_000,
  readGraceMs: 120_000,
  applyGraceMs: 300_000,
};

/**
 * The host kit in a session. Nothing is sent before `open`.
 * @param kit text and hash as the plan covers them
 * @param given waits that are not the usual ones
 */
export function openHostKit(shell: RemoteShell, kit: HostKitText, given: Partial<HostKitSettings> = {}): HostKit {
  const settings = { ...defaultSettings, ...given };
  const session: KitSession = { door: 'Invoke-KtDoor', reference: null, roundTripMs: 0 };
  const ask = bindKitDoor(shell, session);
  const within = (signal: AbortSignal | undefined): InvokeOptions => (signal === undefined ? {} : { signal });

  const pollWaitMs = (): number =>
    typeof settings.pollWaitMs === 'function' ? settings.pollWaitMs() : settings.pollWaitMs;

  async function read<T extends Detection | Verification>(
    call: ScriptCall,
    signal?: AbortSignal,
  ): Promise<ScriptOutcome<T>> {
    // The door checks the result by the script's kind, so this is the type that the caller asked for.
    const take = (value: unknown): ScriptOutcome<T> =>
      answers.readOutcome(value, (from) => readResult(call, from) as T);
    const limitMs = call.longestMs + settings.readGraceMs;
    // A task is waited for in turns; a script in the session itself is one call.
    const limits = { ...within(signal), ...(call.lane === 'inline' ? { timeoutMs: limitMs } : {}) };
    let outcome: ScriptOutcome<T>;
    try {
      outcome = take(await ask('read', scriptArguments(call, session), limits));
    } catch (error) {
      const fault = overdueFault(call, { limitMs }, error);
      if (fault === null) throw placed(call, error);
      return { kind: 'failed', fault };
    }
    let leftMs = limitMs;
    while (outcome.kind === 'running') {
      const { task } = outcome;
      if (leftMs <= 0) {
        await ask('endTask', { Task: task });
        return { kind: 'failed', fault: overdue(call, { limitMs }) };
      }
      const waitMs = Math.min(leftMs, settings.readWaitMs);
      outcome = take(await ask('poll', { Task: task, WaitMs: waitMs }, within(signal)));
      leftMs -= waitMs;
    }
    return outcome;
  }

  return {
    open: (options) => openSession(shell, kit, ask, session, options),
    signedInUser: async (sid) => answers.readUser(await ask('user', { Sid: sid })),
    read,
    claim: async ({ owner, journalHead }) =>
      answers.readClaim(await ask('claim', { Owner: owner, JournalHead: journalHead })),
    async readLedger() {
      const answer = answers.readFields(await ask('ledger'), 'the ledger');
      if (!answers.flag(answer, 'exists')) return { exists: false, records: [], tornTail: false, broken: false };
      return parseLedger(answers.text(answer, 'text'));
    },
    formerAttempt: async ({ seq }) => answers.readFormer(await ask('former', { Seq: seq })),
    async endFormerAttempt({ seq }) {
      await ask('endFormer', { Seq: seq });
    },
    protect: async ({ level, systemProtectionOff, description, ...claim }) =>
      answers.readProtection(
        await ask('protect', {
          ...claimArguments(claim),
          Level: level,
          SystemProtectionOff: systemProtectionOff,
          Description: description,
        }),
      ),
    protectionExists: async ({ method, id }) => (await ask('protection', { Method: method, Id: id })) === true,
    async capture({ touches, ...claim }) {
      const given = { ...claimArguments(claim), Touches: touchesArgument(touches) };
      const answer = answers.readFields(await ask('capture', given), 'a capture');
      return answers.readTouched(answer['facts']);
    },
    facts: async (touches) => answers.readTouched(await ask('touched', { Touches: touchesArgument(touches) })),
    async apply(call, { attempt, ...claim }, signal) {
      const given = {
        ...scriptArguments(call, session),
        ...claimArguments(claim),
        Attempt: attempt,
        Interruptible: call.interruptible,
      };
      const limitMs = call.longestMs + settings.applyGraceMs;
      const limits = { ...within(signal), ...(call.lane === 'inline' ? { timeoutMs: limitMs } : {}) };
      try {
        return answers.readOutcome<Application>(await ask('apply', given, limits), answers.readApplication);
      } catch (error) {
        const fault = overdueFault(call, { limitMs }, error);
        throw fault === null ? placed(call, error) : overdueFailure(fault, error);
      }
    },
    poll: async (task) =>
      answers.readOutcome(await ask('poll', { Task: task, WaitMs: pollWaitMs() }), answers.readAnyResult),
    undo: async ({ step, ...claim }) =>
      answers.readUndo(await ask('undo', { ...claimArguments(claim), Step: step ?? '' })),
    async reboot({ delayMs, ...claim }) {
      const answer = await ask('reboot', { ...claimArguments(claim), DelayMs: delayMs });
      return { uptimeMs: answers.number(answers.readFields(answer, 'a restart'), 'uptimeMs') };
    },
    pendingReboot: async () => answers.texts({ reasons: await ask('pendingReboot') }, 'reasons'),
    evidence: async ({ kinds, maxBytes }) => answers.json(await ask('evidence', { Kind: kinds, MaxBytes: maxBytes })),
    async release({ end, ...claim }) {
      await ask('release', { ...claimArguments(claim), End: end });
    },
    commit: async ({ journalHead }) => answers.readCommit(await ask('commit', { JournalHead: journalHead })),
  };
}

/** The call of a changing script that was ended: what became of it, the ledger must tell. */
function overdueFailure({ message, fqid, script, line }: ScriptFault, cause: unknown): Failure {
  const position = { scriptName: script, ...(line === null ? {} : { line }), offset: 1 };
  const error = { message, fqid, category: 'OperationTimeout', position };
  return new Failure('timed-out', message, { cause, facts: { stopped: true, error } });
}

const readResult = (call: ScriptCall, from: Readonly<Record<string, unknown>>): Detection | Verification =>
  call.kind === 'detect' ? answers.readDetection(from) : answers.readVerification(from);

const claimArguments = ({ token, journalHead }: { readonly token: number; readonly journalHead: string }) => ({
  Token: token,
  JournalHead: journalHead,
});

/** A no-language endpoint is told a script's hash alone. */
function scriptArguments(call: ScriptCall, { door }: KitSession): Record<string, PsInput> {
  const { step, kind, text, sha256, lane, longestMs, user } = call;
  const parameters = inputOf(call.parameters);
  return {
    Step: step,
    Kind: kind,
    ...(door === jeaCommands.door ? {} : { Text: text }),
    Sha256: sha256,
    Lane: lane,
    LongestMs: longestMs,
    Parameters: parameters,
    ...(user === undefined ? {} : { User: user }),
  };
}

/** Bound parameters as they travel; what JSON and the secret class give is all there is. */
function inputOf(value: unknown): PsInput {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(inputOf);
  if (isRevealable(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inputOf(item)]));
}

const isRevealable = (value: object): value is { reveal(): string } =>
  'reveal' in value && typeof value.reveal === 'function';

/** Lists of what steps touch, without the fields that are not there. */
function touchesArgument(touches: readonly Touches[]): PsInput {
  return touches.map(({ services, folders, files, registry, tasks }) =>
    Object.fromEntries(
      Object.entries({ services, folders, files, registry, tasks }).flatMap(([name, items]) =>
        items === undefined ? [] : [[name, items]],
      ),
    ),
  );
}
