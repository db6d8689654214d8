import { Failure } from '../../../kernel/failure.ts';
import type { InvokeOptions, RemoteCall, RemoteResult, RemoteShell, ShellInfo } from '../../powershell/remote-shell.ts';
import { leavesUnknown, requireUsable } from '../session-life.ts';
import type { Bridge } from './bridge.ts';
import { BridgeRun, type CallBridge } from './bridge-run.ts';

/** A process serves one session, for that session's state lives in it, and is not used beyond this: whatever it keeps goes with it. */
const mostOfAProcess = { calls: 10_000, characters: 4_000_000_000 } as const;

type SessionBridge = CallBridge & Pick<Bridge, 'carried' | 'close'>;

/** A session in a local PowerShell, or by one on a host; see `openBridgeShell`. */
export class BridgeShell implements RemoteShell {
  readonly info: ShellInfo;
  readonly #bridge: SessionBridge;
  #queue: Promise<unknown> = Promise.resolve();
  #calls = 0;
  #current: BridgeRun | undefined;
  #broken: Failure | undefined;
  #closing: Promise<void> | undefined;

  constructor(bridge: SessionBridge, info: ShellInfo) {
    this.#bridge = bridge;
    this.info = info;
  }

  invoke(call: RemoteCall, options: InvokeOptions = {}): Promise<RemoteResult> {
    const turn = this.#queue.then(() => this.#invokeNow(call, options));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async describe(): Promise<ShellInfo> {
    this.#check();
    return this.info;
  }

  get exhausted(): boolean {
    return this.#calls >= mostOfAProcess.calls || this.#bridge.carried >= mostOfAProcess.characters;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #invokeNow(call: RemoteCall, options: InvokeOptions): Promise<RemoteResult> {
    this.#check();
    this.#calls++;
    const run = new BridgeRun(this.#bridge, this.info.host, options);
    this.#current = run;
    try {
      return await run.run(call);
    } catch (error) {
      if (error instanceof Failure && leavesUnknown(error)) this.#broken = error;
      throw error;
    }
  }

  #check(): void {
    const { host } = this.info;
    requireUsable(host, this.#closing !== undefined, this.#broken);
    if (this.exhausted) {
      throw new Failure('unreachable', `The local PowerShell of the session on ${host} is used up. Open a new one.`, {
        facts: { cause: 'session-exhausted' },
      });
    }
  }

  /** Ends the session on the host, with a script that still runs there; a session that was lost is left to the host. */
  async #close(): Promise<void> {
    this.#current?.abandon();
    const lost = this.#broken;
    await this.#queue;
    if (lost) return this.#bridge.kill();
    await this.#bridge.close();
  }
}
