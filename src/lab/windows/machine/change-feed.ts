/** What happened to the simulated machine. */
export type Change = {
  /** 1, 2, 3 … in the order in which the changes were made. */
  readonly n: number;
  /** Sub-model and verb, e.g. `file.rename`, `service.stop`, `registry.set`. */
  readonly kind: string;
  readonly target: string;
  readonly before: unknown;
  readonly after: unknown;
  /** Process that made the change; 4 (System) where Windows did it by itself. */
  readonly pid: number;
};

/** Sees every change right after it was made. A returned promise holds the script that made it until it settles. */
export type ChangeObserver = (change: Change) => void | Promise<void>;

/** What a mutation hands back: `undefined`, or a promise that the script must wait for. */
export type Held = Promise<void> | undefined;

/** Process id of the kernel: the maker of changes that no script made. */
export const systemPid = 4;

/** The one way in which the state of a machine is seen to change. */
export class ChangeFeed {
  readonly #observers = new Set<ChangeObserver>();
  readonly #holders: { hold(pid: number): () => void };
  #count = 0;

  /** @param holders told when a change of a process is held, and when it goes on */
  constructor(holders: { hold(pid: number): () => void }) {
    this.#holders = holders;
  }

  /** Number of changes made so far. */
  get count(): number {
    return this.#count;
  }

  /** Adds an observer; the returned function removes it. */
  observe(observer: ChangeObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** Numbers a change that was just made and shows it to the observers. */
  record(kind: string, target: string, before: unknown, after: unknown, pid: number): Held {
    const change: Change = { n: ++this.#count, kind, target, before, after, pid };
    let held: Promise<void>[] | undefined;
    for (const observer of this.#observers) {
      const result = observer(change);
      if (result) (held ??= []).push(result);
    }
    if (!held) return undefined;
    const goOn = this.#holders.hold(pid);
    return Promise.allSettled(held).then(goOn);
  }
}
