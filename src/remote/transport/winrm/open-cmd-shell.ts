import { formatDuration } from '../../../kernel/duration.ts';
import { Failure } from '../../../kernel/failure.ts';
import { faultCodes } from '../../protocol/wsman/fault-codes.ts';
import { resources, signalCodes } from '../../protocol/wsman/namespaces.ts';
import type { WsmanReply } from '../../protocol/wsman/replies.ts';
import { cmdShell } from '../../protocol/wsman/requests.ts';
import type { Environment } from '../../protocol/wsman/shell-description.ts';
import { failureOfFault } from './failure-of-fault.ts';
import type { WinRmOptions } from './winrm-options.ts';
import { WsmanSession } from './wsman-session.ts';

/** What the programs of a shell begin with. */
export type CmdShellSettings = {
  readonly workingDirectory?: string;
  /** Variables beside those of the account. */
  readonly environment?: Environment;
  /** True loads no user profile. */
  readonly noProfile?: boolean;
  /** Code page of what programs read and write; 65001 (UTF-8) by default. */
  readonly codepage?: number;
};

/** How a program runs. */
export type CmdRun = {
  /** Joined to the command by blanks. The host's `cmd` reads the line: whoever puts data into it must quote for `cmd`. */
  readonly arguments?: readonly string[];
  /** True starts the program itself, by its full path, without `cmd`. */
  readonly skipCmdShell?: boolean;
  /** What the program reads; without it its input stays open and empty. */
  readonly stdin?: Uint8Array;
  /** Told of output as it comes. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
  /** Terminates the program; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
};

/** What a program left behind. */
export type CmdResult = { readonly exitCode: number; readonly stdout: Buffer; readonly stderr: Buffer };

/** How long the farewell to the host, or to a program that has ended, may take. */
const farewellMs = 5_000;
/** How long a program may take to be terminated unless something else is asked for: from the moment when that was decided on. */
const defaultGraceMs = 30_000;

/**
 * Logs in and opens a shell for native programs (WinRS). Where PowerShell is to be had a session of it is the better choice: its input and
 * output have types, and nothing needs quoting.
 * @throws Failure `unreachable`, `unauthenticated`, `forbidden` or `protocol-error`; or the signal's reason
 */
export async function openCmdShell(
  options: WinRmOptions & CmdShellSettings,
  signal?: AbortSignal,
): Promise<WinRmCmdShell> {
  const { workingDirectory, environment, noProfile, codepage, idleTimeoutMs } = options;
  const session = new WsmanSession(options);
  try {
    const { reply } = await session.call(
      {
        ...cmdShell,
        codepage: codepage ?? 65_001,
        ...(workingDirectory === undefined ? {} : { workingDirectory }),
        ...(environment === undefined ? {} : { environment }),
        ...(noProfile === undefined ? {} : { noProfile }),
        ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
      },
      { signal },
    );
    const { shell } = expectReply(reply, 'created', options.host, false);
    return new WinRmCmdShell(session, options, shell.shellId);
  } catch (error) {
    session.close();
    if (!(error instanceof Failure) || error.code !== 'dropped') throw error;
    // Whatever became of the shell, no program has run in it.
    throw new Failure('unreachable', `The shell could not be opened: ${error.message}`, {
      cause: error,
      facts: error.facts,
    });
  }
}

/** A shell in which native programs run, one after another or at once. */
export class WinRmCmdShell {
  readonly #session: WsmanSession;
  readonly #host: string;
  readonly #graceMs: number;
  readonly #at: { readonly resourceUri: string; readonly shellId: string };
  #closing: Promise<void> | undefined;

  constructor(session: WsmanSession, options: Pick<WinRmOptions, 'host' | 'stopGraceMs'>, shellId: string) {
    this.#session = session;
    this.#host = options.host;
    this.#graceMs = options.stopGraceMs ?? defaultGraceMs;
    this.#at = { resourceUri: resources.cmd, shellId };
  }

  /**
   * Runs a command line, or a program, to its end; whether that was good the exit code tells. A call that is left while the host has not answered
   * yet waits for the answer, to terminate what was begun.
   * @throws Failure `timed-out` (the program was terminated, or not begun, unless its fact `stopped` is false), `dropped` (it may have run, or may still run), or what says that it was not begun; or the signal's reason, if nothing of it runs any more
   */
  async run(command: string, how: CmdRun = {}): Promise<CmdResult> {
    const { signal, timeoutMs, stdin } = how;
    signal?.throwIfAborted();
    const end = new CmdEnd(this.#graceMs);
    const leave = (): void => end.decide(signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
    const late = (ms: number): Failure =>
      new Failure('timed-out', `${command} was not done within ${formatDuration(ms)}.`);
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => end.decide(late(timeoutMs)), timeoutMs);
    let commandId: string | undefined;
    try {
      commandId = await this.#begin(command, how, end);
      if (stdin !== undefined)
        this.#feed(commandId, stdin, end).catch((error: unknown) => end.decide(begunBefore(error)));
      const result = await this.#collect(commandId, how, end.decided);
      await this.#terminate(commandId, AbortSignal.timeout(farewellMs));
      return result;
    } catch (error) {
      end.decide(commandId === undefined ? error : begunBefore(error));
      const reason: unknown = end.decided.reason;
      const isOver = commandId === undefined ? !isLoss(error) : await this.#terminate(commandId, end.over);
      // What ended the call counts, not what came of it elsewhere at the same moment.
      throw isOver || isLoss(reason) ? reason : mayRun(reason, commandId !== undefined);
    } finally {
      clearTimeout(timer);
      end.close();
      signal?.removeEventListener('abort', leave);
    }
  }

  /** Ends the shell and every program in it. May be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#session.call({ kind: 'delete', ...this.#at }, { timeoutMs: farewellMs, windowMs: 0 }).then(
      () => this.#session.close(),
      () => this.#session.close(),
    );
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #begin(command: string, how: CmdRun, { decided, over }: CmdEnd): Promise<string> {
    const { skipCmdShell, stdin } = how;
    const { reply, resent } = await this.#session.call(
      {
        kind: 'run',
        ...this.#at,
        command,
        arguments: how.arguments ?? [],
        ...(skipCmdShell === undefined ? {} : { skipCmdShell }),
        // A console would echo its input and take control characters for itself.
        consoleModeStdin: stdin === undefined,
      },
      { leave: decided, signal: over },
    );
    return expectReply(reply, 'command-accepted', this.#host, resent).commandId;
  }

  async #feed(commandId: string, stdin: Uint8Array, { decided, over }: CmdEnd): Promise<void> {
    const room = this.#session.maxPayloadBytes;
    let at = 0;
    do {
      const payload = stdin.subarray(at, at + room);
      at += room;
      const end = at >= stdin.length;
      const send = { kind: 'send', ...this.#at, commandId, stream: 'stdin', payload, end } as const;
      // A program need not read its input to the end.
      if ((await this.#session.call(send, { leave: decided, signal: over })).reply.kind === 'fault') return;
    } while (at < stdin.length && !decided.aborted);
  }

  async #collect(commandId: string, { onOutput }: CmdRun, signal: AbortSignal): Promise<CmdResult> {
    const output: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
    for (;;) {
      signal.throwIfAborted();
      const receive = { kind: 'receive', ...this.#at, commandId, streams: cmdShell.outputStreams } as const;
      const { reply } = await this.#session.call(receive, { use: 'long', insists: true, signal });
      if (reply.kind === 'fault' && reply.code === faultCodes.operationTimedOut) continue;
      const { pieces, commandState } = expectReply(reply, 'received', this.#host, true);
      for (const { stream, payload } of pieces) {
        if (payload.length === 0) continue;
        const name = stream === 'stderr' ? 'stderr' : 'stdout';
        output[name].push(payload);
        onOutput?.(name, payload);
      }
      if (commandState?.state !== 'done') continue;
      const [stdout, stderr] = [Buffer.concat(output.stdout), Buffer.concat(output.stderr)];
      return { exitCode: commandState.exitCode ?? 0, stdout, stderr };
    }
  }

  /**
   * Ends a command that runs, or tells the host that we are done with it. If the host cannot be told, the shell's end does it.
   * @returns whether the host confirmed it before the signal
   */
  async #terminate(commandId: string, signal: AbortSignal): Promise<boolean> {
    const request = { kind: 'signal', ...this.#at, commandId, code: signalCodes.terminate } as const;
    return await this.#session.call(request, { windowMs: 0, signal }).then(
      ({ reply }) => reply.kind !== 'fault',
      () => false,
    );
  }
}

/** How a run ends before its program does: first it is decided on, then the host has some time to confirm it. */
class CmdEnd {
  readonly #graceMs: number;
  readonly #decided = new AbortController();
  readonly #over = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  /** Aborted, with the reason, when the program is to be ended. */
  get decided(): AbortSignal {
    return this.#decided.signal;
  }

  /** Aborted when the host is waited for no longer. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Only the first reason counts, and none after the end: what is cut off by it fails late. */
  decide(reason: unknown): void {
    if (this.decided.aborted || this.over.aborted) return;
    this.#decided.abort(reason);
    this.#timer = setTimeout(() => this.close(), this.#graceMs);
  }

  /** Nothing is asked of the host any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#over.abort(new Failure('dropped', 'The host did not answer in time.', { facts: { cause: 'not-stopped' } }));
  }
}

/** The end of a call whose program nobody knows to be ended. */
function mayRun(reason: unknown, isBegun: boolean): Failure {
  const state = isBegun
    ? 'The host did not confirm its end: it may still run.'
    : 'The host has not answered: it may have been begun.';
  const facts = { cause: 'not-stopped', stopped: false };
  if (reason instanceof Failure && reason.code === 'timed-out')
    return new Failure('timed-out', `${reason.message} ${state}`, { cause: reason, facts: { stopped: false } });
  return new Failure('dropped', `The program was to be ended. ${state}`, { cause: reason, facts });
}

const isLoss = (error: unknown): boolean => error instanceof Failure && error.code === 'dropped';

/** Once a program was begun, a host that is not reached, or lets us in no more, does not mean that it has not run. */
function begunBefore(error: unknown): unknown {
  if (!(error instanceof Failure) || error.code === 'dropped') return error;
  return new Failure('dropped', `The program was begun, and then lost: ${error.message}`, {
    cause: error,
    facts: error.facts,
  });
}

function expectReply<K extends WsmanReply['kind']>(
  reply: WsmanReply,
  kind: K,
  host: string,
  mayHaveRun: boolean,
): Extract<WsmanReply, { kind: K }> {
  if (reply.kind === 'fault') throw failureOfFault(reply, host, mayHaveRun);
  if (reply.kind === kind) return reply as Extract<WsmanReply, { kind: K }>;
  throw new Failure('protocol-error', `Expected the reply ${kind} from ${host}, got ${reply.kind}.`);
}
