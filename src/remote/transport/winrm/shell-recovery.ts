import { Failure } from '../../../kernel/failure.ts';
import { faultCodes } from '../../protocol/wsman/fault-codes.ts';
import { failureOfFault } from './failure-of-fault.ts';
import type { RecoveryWindow } from './recovery-window.ts';
import { isAway, limitAfter, type Patience } from './resend.ts';
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
  /** Open since nothing came through any more; requests whose loss is mended here too share it. */
  readonly window: RecoveryWindow;
  readonly #session: WsmanSession;
  readonly #host: string;
  readonly #shell: () => Shell;

  constructor(session: WsmanSession, host: string, shell: () => Shell) {
    this.#session = session;
    this.#host = host;
    this.#shell = shell;
    this.window = session.openWindow();
  }

  /** Waits before the next try, longer each time; false if the time for it is over. */
  waitsOn(): Promise<boolean> {
    return this.window.next(undefined, { limitMs: this.#session.recoverMs });
  }

  /**
   * Takes the shell up again by the same client session (MS-WSMV 3.1.4.16).
   * @param loss what is thrown when the time is over
   * @throws Failure also if the shell is gone; `dropped`, since a script may run there, whatever came
   */
  async reconnect(loss: Failure, patience: Patience, leave?: AbortSignal): Promise<void> {
    const rules = { patience, limitMs: this.#session.recoverMs };
    let failure = loss;
    while (await this.window.next(failure, { limitMs: limitAfter(failure, rules, true), wake: leave })) {
      try {
        const { reply } = await this.#session.call({ kind: 'reconnect', ...this.#shell() }, { windowMs: 0, leave });
        if (reply.kind === 'fault' && !asItWas.includes(reply.code)) throw failureOfFault(reply, this.#host, true);
        return;
      } catch (error) {
        if (!(error instanceof Failure) || leave?.aborted === true) throw loss;
        if (!isAway(error)) throw error.code === 'dropped' ? error : lostBy(error);
        failure = error;
      }
    }
    throw loss;
  }
}

const lostBy = (error: Failure): Failure =>
  new Failure('dropped', `The session could not be taken up again: ${error.message}`, {
    cause: error,
    facts: error.facts,
  });
