import { Failure } from '../../../kernel/failure.ts';
import { faultCodes } from '../../protocol/wsman/fault-codes.ts';
import { failureOfFault } from './failure-of-fault.ts';
import type { WsmanSession } from './wsman-session.ts';

/** A shell on a host. */
type Shell = { readonly resourceUri: string; readonly shellId: string };

/** Faults of a Reconnect to a shell that was never disconnected, or of a host that knows no such thing: then it is as it was. */
const asItWas: readonly number[] = [
  faultCodes.connectImpossible,
  faultCodes.shellInUse,
  faultCodes.unsupportedAction,
] as const;

/** Looks for a shell whose host was lost while a script runs there: it lives on until its idle time-out. */
export class ShellRecovery {
  readonly #session: WsmanSession;
  readonly #host: string;
  readonly #shell: () => Shell;
  /** Since when nothing came through, and how often it was tried since; undefined while all is well. */
  #lost: { readonly sinceMs: number; tries: number } | undefined;

  constructor(session: WsmanSession, host: string, shell: () => Shell) {
    this.#session = session;
    this.#host = host;
    this.#shell = shell;
  }

  /** The host has answered as it should. */
  heard(): void {
    this.#lost = undefined;
  }

  /** Waits before the next try, longer each time; false if the time for it is over. */
  async waitsOn(): Promise<boolean> {
    const lost = (this.#lost ??= { sinceMs: performance.now(), tries: 0 });
    await this.#session.pause(lost.tries++);
    return !this.#session.closed && performance.now() - lost.sinceMs <= this.#session.recoverMs;
  }

  /**
   * Takes the shell up again by the same client session (MS-WSMV 3.1.4.16).
   * @param loss what is thrown when the time is over
   * @throws Failure also if the shell is gone
   */
  async reconnect(loss: Failure): Promise<void> {
    while (await this.waitsOn()) {
      try {
        const { reply } = await this.#session.call({ kind: 'reconnect', ...this.#shell() }, { windowMs: 0 });
        if (reply.kind === 'fault' && !asItWas.includes(reply.code)) throw failureOfFault(reply, this.#host, true);
        return;
      } catch (error) {
        if (!isAway(error)) throw error;
      }
    }
    throw loss;
  }
}

/** Whether the host could not be reached, or was lost: another try may find it. Not if the session is gone, or was closed here. */
export const isAway = (error: unknown): error is Failure =>
  error instanceof Failure &&
  (error.code === 'dropped' || error.code === 'unreachable') &&
  error.facts['cause'] !== 'closed' &&
  error.facts['faultCode'] === undefined;
