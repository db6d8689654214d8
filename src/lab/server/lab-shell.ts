import { poolTarget } from '../../remote/protocol/psrp/outbox.ts';
import type { ServedReply } from '../../remote/protocol/wsman/encode-reply.ts';
import { makeFault } from '../../remote/protocol/wsman/fault.ts';
import { faultCodes } from '../../remote/protocol/wsman/fault-codes.ts';
import { signalCodes } from '../../remote/protocol/wsman/namespaces.ts';
import type { ShellDescription } from '../../remote/protocol/wsman/shell-description.ts';
import { LabPool } from './lab-pool.ts';
import type { HostRunspace } from './runspace-host.ts';

/** How a waiting Receive is held. */
export type ReceiveLimits = {
  readonly timeoutMs: number;
  /** Bytes of payload that the reply may carry. */
  readonly maxBytes: number;
  /** Aborted when the client's connection is gone: what waits then stays for the next Receive. */
  readonly gone: AbortSignal;
};

/** One shell: a runspace pool of the wire in front of one runspace of the simulated host. It lives on without any connection. */
export class LabShell {
  readonly description: ShellDescription;
  readonly #pool: LabPool;
  /** Commands of which the client was told that they are done. */
  readonly #done = new Set<string>();
  readonly #onClose: () => void;
  #waiters: (() => void)[] = [];
  #closed = false;
  #inUse = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  /** @param onClose called once when the shell has ended, for whatever reason */
  constructor(description: ShellDescription, host: HostRunspace, onClose: () => void) {
    this.description = description;
    this.#pool = new LabPool(host, () => this.#wake());
    this.#onClose = onClose;
    void host.killed.then(() => this.close());
    this.#restartIdleTimer();
  }

  /** Whether it has ended. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Commands that the client did not terminate yet. */
  get commandCount(): number {
    return this.#pool.commandCount;
  }

  /** Runs one operation of a client; the shell is not idle meanwhile. */
  async use<T>(operation: () => T | Promise<T>): Promise<T> {
    this.#inUse++;
    clearTimeout(this.#idleTimer);
    try {
      return await operation();
    } finally {
      this.#inUse--;
      this.#restartIdleTimer();
    }
  }

  /** Takes PSRP bytes for the pool or a command. */
  send(commandId: string | undefined, payload: Uint8Array, stream: 'stdin' | 'pr'): ServedReply {
    if (commandId !== undefined && !this.#pool.find(commandId)) return unknownCommand();
    const target = commandId?.toLowerCase() ?? poolTarget;
    this.#pool.feed(payload, target, stream === 'pr' ? 'promptResponse' : 'default');
    return { kind: 'sent' };
  }

  /** Begins a command with the first bytes of its pipeline. */
  command(id: string, payload: Uint8Array): ServedReply {
    this.#pool.begin(id);
    this.#pool.feed(payload, id.toLowerCase(), 'default');
    return { kind: 'command-accepted', commandId: id };
  }

  /** Stops a pipeline, or forgets a command. */
  signal(commandId: string, code: string): ServedReply {
    const command = this.#pool.find(commandId);
    if (!command) return unknownCommand();
    // PowerShell compares its own code ordinally; whatever else closes the command without a Stopped state.
    if (code === signalCodes.stop) this.#pool.stop(command);
    else {
      this.#pool.forget(command);
      this.#done.delete(commandId.toLowerCase());
    }
    return { kind: 'signalled' };
  }

  /** Gives what waits for the pool or a command, or holds until there is something; undefined if the client or the shell is gone. */
  async receive(commandId: string | undefined, limits: ReceiveLimits): Promise<ServedReply | undefined> {
    const deadline = performance.now() + limits.timeoutMs;
    for (;;) {
      // What is written in the same turn goes out in one reply.
      await new Promise((resolve) => setImmediate(resolve));
      if (limits.gone.aborted || this.#closed) return undefined;
      const reply = this.#takeOutput(commandId, limits.maxBytes);
      if (reply) return reply;
      const left = deadline - performance.now();
      if (left <= 0) return makeFault(faultCodes.operationTimedOut, 'The WS-Management operation timed out.');
      await this.#changeOrTimeout(left, limits.gone);
    }
  }

  /** Ends the shell and its process. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#idleTimer);
    this.#pool.close();
    this.#wake();
    this.#onClose();
  }

  #takeOutput(commandId: string | undefined, maxBytes: number): ServedReply | undefined {
    const key = commandId?.toLowerCase();
    const command = key === undefined ? undefined : this.#pool.find(key);
    if (key !== undefined && (!command || this.#done.has(key))) return unknownCommand();
    const target = command?.pipelineId ?? poolTarget;
    const chunk = this.#pool.dataToSend(target, maxBytes);
    const pieces = chunk ? [{ commandId, stream: 'stdout', payload: Buffer.from(chunk.bytes), end: false }] : [];
    if (!command || key === undefined) return chunk ? { kind: 'received', pieces, commandState: undefined } : undefined;
    const isDone = !command.live && !this.#pool.pendingTargets().includes(target);
    if (isDone) this.#done.add(key);
    if (!chunk && !isDone) return undefined;
    return { kind: 'received', pieces, commandState: { commandId: command.id, state: isDone ? 'done' : 'running' } };
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
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

  #restartIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    if (this.#closed || this.#inUse > 0) return;
    this.#idleTimer = setTimeout(() => this.close(), this.description.idleTimeoutMs);
    this.#idleTimer.unref();
  }
}

function unknownCommand(): ServedReply {
  return makeFault(
    faultCodes.invalidSelectors,
    'The Windows Remote Shell received a request to perform an operation on a command identifier that does not exist.',
  );
}
