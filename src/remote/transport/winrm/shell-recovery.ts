import { Failure } from '../../../kernel/failure.ts';
import type { WsmanFault } from '../../protocol/wsman/fault.ts';
import { type FaultRemedy, faultCodes, faultRemedyOf } from '../../protocol/wsman/fault-codes.ts';
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

/** What helps against faults that pass by themselves while a script runs. */
const passing: readonly FaultRemedy[] = ['replace-shell', 'wait'];

/** Whether a host that answers so has nothing left for this request now, and has done nothing for it, while the shell lives on. */
export const isPassing = ({ code }: WsmanFault): boolean => passing.includes(faultRemedyOf(code));

/** What of the session a recovery needs. */
type Session = Pick<WsmanSession, 'call' | 'recoverMs' | 'openWindow'>;

/** Looks for a shell whose host was lost while a script runs there: it lives on until its idle time-out. */
export class ShellRecovery {
  /** Open since nothing came through any more; requests whose loss is mended here too share it. */
  readonly window: RecoveryWindow;
  readonly #session: Session;
  readonly #host: string;
  readonly #shell: () => Shell;

  constructor(session: Session, host: string, shell: () => Shell) {
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
        if (reply.kind !== 'fault' || asItWas.includes(reply.code)) return;
        failure = failureOfFault(reply, this.#host, true);
        if (!isPassing(reply)) throw failure;
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
