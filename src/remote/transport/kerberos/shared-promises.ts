import { Failure } from '../../../kernel/failure.ts';

/** Values that take work to have: what is under way is shared, what is good is kept, what failed is forgotten. */
export class SharedPromises<T> {
  readonly #kept = new Map<string, Promise<T>>();

  /**
   * The kept value if it is still good; else one that is made now. Who waited for an attempt that was refused is refused too: a hundred tries
   * with one wrong password would lock the account. After any other error of somebody else's attempt, ours follows.
   */
  async get(name: string, isGood: (value: T) => boolean, make: () => Promise<T>): Promise<T> {
    for (;;) {
      const kept = this.#kept.get(name);
      if (!kept) return await this.#make(name, make);
      const value = await kept.then(
        (made) => (isGood(made) ? { made } : undefined),
        (error: unknown) => {
          if (error instanceof Failure && error.code === 'unauthenticated') throw error;
          return undefined;
        },
      );
      if (value) return value.made;
      if (this.#kept.get(name) === kept) this.#kept.delete(name);
    }
  }

  #make(name: string, make: () => Promise<T>): Promise<T> {
    const making = make();
    this.#kept.set(name, making);
    making.catch(() => {
      if (this.#kept.get(name) === making) this.#kept.delete(name);
    });
    return making;
  }
}
