import type { InvokeOptions, RemoteCall, RemoteResult, RemoteShell, ShellInfo } from './remote-shell.ts';

/** What a session must have before it can be worked in. */
type SetUp = (shell: RemoteShell) => Promise<void>;

/**
 * A session that is replaced by a fresh one, between two calls, when the host allows it no further ones. What was set up in it is set up in the
 * next one first; all else that its runspace held is gone.
 */
export class RenewableShell implements RemoteShell {
  readonly #open: () => Promise<RemoteShell>;
  readonly #setUps: SetUp[] = [];
  #shell: RemoteShell;
  #renewing: Promise<void> | undefined;
  #closed = false;

  /** @param open opens the sessions after the first one */
  constructor(first: RemoteShell, open: () => Promise<RemoteShell>) {
    this.#shell = first;
    this.#open = open;
  }

  get info(): ShellInfo {
    return this.#shell.info;
  }

  get exhausted(): boolean {
    return false;
  }

  /** Does something in the session, and again in each one that replaces it. */
  async setUp(work: SetUp): Promise<void> {
    await this.#renew();
    await work(this.#shell);
    this.#setUps.push(work);
  }

  async invoke(call: RemoteCall, options?: InvokeOptions): Promise<RemoteResult> {
    await this.#renew();
    return await this.#shell.invoke(call, options);
  }

  async describe(): Promise<ShellInfo> {
    await this.#renew();
    return await this.#shell.describe();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#renewing?.catch(() => undefined);
    await this.#shell.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Calls that are made at once wait for the same session. */
  #renew(): Promise<void> {
    if (!this.#shell.exhausted || this.#closed) return this.#renewing ?? Promise.resolve();
    this.#renewing ??= this.#replace().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #replace(): Promise<void> {
    const next = await this.#open();
    try {
      for (const work of this.#setUps) await work(next);
    } catch (error) {
      await next.close();
      throw error;
    }
    const last = this.#shell;
    this.#shell = next;
    await last.close();
  }
}

/** Does something in a session, and again in each one that replaces it, if it is one that can be. */
export function setUpIn(shell: RemoteShell, work: SetUp): Promise<void> {
  return shell instanceof RenewableShell ? shell.setUp(work) : work(shell);
}
