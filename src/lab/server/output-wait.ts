import type { ServedReply } from '../../remote/protocol/wsman/encode-reply.ts';
import { makeFault } from '../../remote/protocol/wsman/fault.ts';
import { faultCodes } from '../../remote/protocol/wsman/fault-codes.ts';

/** How a waiting Receive is held. */
export type ReceiveLimits = {
  readonly timeoutMs: number;
  /** Bytes of payload that the reply may carry. */
  readonly maxBytes: number;
  /** Aborted when the client's connection is gone: what waits then stays for the next Receive. */
  readonly gone: AbortSignal;
};

/** Receives that wait until a shell has something to say. */
export class OutputWait {
  #waiters: (() => void)[] = [];

  /** There may be something to give now. */
  wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  /**
   * What `take` gives, as soon as it gives something; a time-out fault when it has not in time; undefined if the client is gone.
   * @param take called again after each `wake`
   */
  async hold(take: () => ServedReply | undefined, limits: ReceiveLimits): Promise<ServedReply | undefined> {
    const deadline = performance.now() + limits.timeoutMs;
    for (;;) {
      // What is written in the same turn goes out in one reply.
      await new Promise((resolve) => setImmediate(resolve));
      if (limits.gone.aborted) return undefined;
      const reply = take();
      if (reply) return reply;
      const left = deadline - performance.now();
      if (left <= 0) return makeFault(faultCodes.operationTimedOut, 'The WS-Management operation timed out.');
      await this.#changeOrTimeout(left, limits.gone);
    }
  }

  #changeOrTimeout(ms: number, gone: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        gone.removeEventListener('abort', settle);
        resolve();
      };
      const timer = setTimeout(settle, ms);
      gone.addEventListener('abort', settle, { once: true });
      this.#waiters.push(settle);
    });
  }
}
