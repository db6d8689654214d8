import { LoginLatch } from './login-latch.ts';
import { type ExchangeTerms, WinRmConnection } from './winrm-connection.ts';
import type { WinRmOptions } from './winrm-options.ts';

/** How a connection is used: for a request that is answered soon, for one that is held until there is output, or for one that nobody waits for. */
export type Use = 'short' | 'long' | 'background';

type Slot = { readonly connection: WinRmConnection; readonly uses: Use[] };

/** Connections that one session may have unless something else is asked for: two may be held by the host, and one is always free. */
const mostByDefault = 3;

/**
 * The connections of one session, each with a login of its own. The first one serves alone as long as requests come one after another; another
 * one is opened when a request must be sent while the host holds one. At least one is never held.
 */
export class Connections {
  readonly #options: WinRmOptions;
  readonly #most: number;
  readonly #slots: Slot[] = [];
  readonly #latch = new LoginLatch();
  #mechanism: WinRmConnection['mechanism'];
  #sealed = false;
  #closed = false;

  constructor(options: WinRmOptions) {
    this.#options = options;
    this.#most = Math.max(2, options.connections ?? mostByDefault);
  }

  /** What proved who is who at the last login; undefined before the first one. */
  get mechanism(): WinRmConnection['mechanism'] {
    return this.#mechanism;
  }

  /** Whether bodies are sealed. */
  get sealed(): boolean {
    return this.#sealed;
  }

  /** Whether a request could be sent now without a login and without a wait. */
  get spare(): boolean {
    return this.#slots.some((slot) => isIdle(slot) && hasLogin(slot));
  }

  /** Whether the session was closed here. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Sends a request over a connection that suits its use. @throws Failure as `WinRmConnection.exchange` */
  async exchange(soap: string, use: Use, terms: ExchangeTerms): Promise<string> {
    const slot = this.#choose(use);
    slot.uses.push(use);
    try {
      const text = await slot.connection.exchange(soap, terms);
      this.#mechanism = slot.connection.mechanism;
      this.#sealed = slot.connection.sealed;
      return text;
    } finally {
      slot.uses.splice(slot.uses.indexOf(use), 1);
    }
  }

  /** Closes all connections; exchanges under way fail `dropped`. */
  close(): void {
    this.#closed = true;
    for (const { connection } of this.#slots) connection.close();
  }

  #choose(use: Use): Slot {
    const standing = this.#latch.refusal ? this.#slots.filter(hasLogin) : [];
    // No other can be had: the host lets go of what it holds after its time.
    if (standing.length > 0) return leastUsed(standing);
    const held = this.#slots.filter(({ uses }) => uses.includes('long'));
    // One more that is held would leave none to stop it with.
    if (use === 'long' && held.length >= this.#most - 1) return leastUsed(held);
    const idle = this.#slots.filter(isIdle);
    const ready = idle.find(hasLogin) ?? idle[0];
    if (ready) return ready;
    // To wait for an answer that is on its way is quicker than to log in.
    const soon = this.#slots.find(({ uses }) => uses.every((each) => each === 'background'));
    if (soon) return soon;
    if (this.#slots.length < this.#most) return this.#add();
    return leastUsed(this.#slots.filter((slot) => !held.includes(slot)));
  }

  #add(): Slot {
    const slot: Slot = { connection: new WinRmConnection(this.#options, this.#latch), uses: [] };
    if (this.#closed) slot.connection.close();
    this.#slots.push(slot);
    return slot;
  }
}

const hasLogin = ({ connection }: Slot): boolean => connection.mechanism !== undefined;
const isIdle = ({ uses }: Slot): boolean => uses.length === 0;

function leastUsed(slots: readonly Slot[]): Slot {
  return slots.reduce((least, slot) => (slot.uses.length < least.uses.length ? slot : least));
}
