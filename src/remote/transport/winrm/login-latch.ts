import { Failure } from '../../../kernel/failure.ts';
import { unlessAborted } from '../unless-aborted.ts';

/** A refusal comes sooner; a login that hangs, or whose first request the host holds, must not hold up a stop. */
const defaultPatienceMs = 1_000;

/**
 * The logins of all connections of one session: one after another, as long as they do not take too long, and none after one was refused. So a
 * password that is wrong is shown once, also where the sockets of several connections are lost at the same moment.
 */
export class LoginLatch {
  readonly #patienceMs: number;
  #refusal: Failure | undefined;
  #last: Promise<void> | undefined;

  /** @param patienceMs how long a login waits for others */
  constructor(patienceMs = defaultPatienceMs) {
    this.#patienceMs = patienceMs;
  }

  /** The login that was refused: one more could lock the account. */
  get refusal(): Failure | undefined {
    return this.#refusal;
  }

  /**
   * Logs in when it is its turn.
   * @throws Failure `unauthenticated` if one was refused before, the signal's reason, or what the login throws
   */
  async run<T>(logIn: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const patience = AbortSignal.timeout(this.#patienceMs);
    const ends = AbortSignal.any([signal, patience]);
    // Whoever comes first takes the next turn at once: the others find it taken.
    while (this.#last && !patience.aborted)
      await unlessAborted(this.#last, ends).catch((error: unknown) => {
        if (signal.aborted) throw error;
      });
    const before = this.#refusal;
    if (before) throw new Failure('unauthenticated', `${before.message} ${noMoreLogins}`, { cause: before });
    const trial = logIn();
    const last: Promise<void> = trial.then(
      () => this.#end(last),
      (error: unknown) => {
        this.#refusal ??= refusalIn(error);
        this.#end(last);
      },
    );
    this.#last = last;
    return await trial;
  }

  #end(ended: Promise<void>): void {
    if (this.#last === ended) this.#last = undefined;
  }
}

const noMoreLogins = 'One more login could lock the account: this session makes none; open a new one.';

/** The refused login behind an error, if there is one. */
function refusalIn(error: unknown): Failure | undefined {
  if (!(error instanceof Failure)) return undefined;
  return error.code === 'unauthenticated' ? error : refusalIn(error.cause);
}
