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

/** How long the farewell to the host may take. */
const deleteTimeoutMs = 5_000;

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
    return new WinRmCmdShell(session, options.host, shell.shellId);
  } catch (error) {
    session.close();
    throw error;
  }
}

/** A shell in which native programs run, one after another or at once. */
export class WinRmCmdShell {
  readonly #session: WsmanSession;
  readonly #host: string;
  readonly #at: { readonly resourceUri: string; readonly shellId: string };
  #closing: Promise<void> | undefined;

  constructor(session: WsmanSession, host: string, shellId: string) {
    this.#session = session;
    this.#host = host;
    this.#at = { resourceUri: resources.cmd, shellId };
  }

  /**
   * Runs a command line, or a program, to its end; whether that was good the exit code tells.
   * @throws Failure `timed-out` (the program was terminated, unless its fact `stopped` is false), `dropped` (it may have run), or what says that it was not begun; or the signal's reason
   */
  async run(command: string, how: CmdRun = {}): Promise<CmdResult> {
    const { signal, timeoutMs, stdin } = how;
    signal?.throwIfAborted();
    const ending = new AbortController();
    const leave = (): void => ending.abort(signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
    const late = new Failure('timed-out', `${command} was not done within ${timeoutMs} ms.`);
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => ending.abort(late), timeoutMs);
    let commandId: string | undefined;
    try {
      commandId = await this.#begin(command, how, ending.signal);
      if (stdin !== undefined) this.#feed(commandId, stdin).catch((error: unknown) => ending.abort(begunBefore(error)));
      const result = await this.#collect(commandId, how, ending.signal);
      await this.#terminate(commandId);
      return result;
    } catch (error) {
      const isStopped = commandId !== undefined && (await this.#terminate(commandId));
      // What ended the call counts, not what came of it elsewhere at the same moment.
      const reason: unknown = ending.signal.aborted ? ending.signal.reason : error;
      if (reason === late) throw overdue(late, commandId !== undefined, isStopped);
      throw ending.signal.aborted || commandId === undefined ? reason : begunBefore(reason);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    }
  }

  /** Ends the shell and every program in it. May be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#session
      .call({ kind: 'delete', ...this.#at }, { timeoutMs: deleteTimeoutMs, windowMs: 0 })
      .then(
        () => this.#session.close(),
        () => this.#session.close(),
      );
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #begin(command: string, how: CmdRun, signal: AbortSignal): Promise<string> {
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
      { signal },
    );
    return expectReply(reply, 'command-accepted', this.#host, resent).commandId;
  }

  async #feed(commandId: string, stdin: Uint8Array): Promise<void> {
    const room = this.#session.maxPayloadBytes;
    let at = 0;
    do {
      const payload = stdin.subarray(at, at + room);
      at += room;
      const end = at >= stdin.length;
      const send = { kind: 'send', ...this.#at, commandId, stream: 'stdin', payload, end } as const;
      // A program need not read its input to the end.
      if ((await this.#session.call(send)).reply.kind === 'fault') return;
    } while (at < stdin.length);
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
   * @returns whether the host confirmed it
   */
  async #terminate(commandId: string): Promise<boolean> {
    const signal = { kind: 'signal', ...this.#at, commandId, code: signalCodes.terminate } as const;
    return await this.#session.call(signal, { windowMs: 0 }).then(
      ({ reply }) => reply.kind !== 'fault',
      () => false,
    );
  }
}

/** A program that took too long, and what became of it. */
function overdue(late: Failure, isBegun: boolean, isStopped: boolean): Failure {
  if (isStopped) return late;
  const state = isBegun
    ? 'The host did not confirm its end: it may still run.'
    : 'The host has not answered: it may have been begun.';
  return new Failure('timed-out', `${late.message} ${state}`, { cause: late, facts: { stopped: false } });
}

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
