import { Failure } from '../../../src/kernel/failure.ts';
import type { WsmanReply } from '../../../src/remote/protocol/wsman/replies.ts';
import type { WsmanRequest } from '../../../src/remote/protocol/wsman/requests.ts';
import { WsmanSession } from '../../../src/remote/transport/winrm/wsman-session.ts';
import type { RecordedStep } from './recorded-steps.ts';

/** Most time that a host which says nothing is given. */
const patienceMs = 250;

/** What came of a call. */
export type CallResult = { readonly reply: WsmanReply | undefined; readonly failure: Failure | undefined };

/** Our client's sessions with a playing tape: one for each session of the recorded client, since Reconnect depends on it. */
export class ReplaySessions {
  readonly #port: number;
  readonly #sessions = new Map<string, WsmanSession>();

  constructor(port: number) {
    this.#port = port;
  }

  /** The session that stands for a recorded one. */
  of(recorded: string): WsmanSession {
    const session =
      this.#sessions.get(recorded) ??
      new WsmanSession({
        host: '127.0.0.1',
        port: this.#port,
        auth: { mechanisms: ['basic'], username: 'replay', password: () => '' },
        connectTimeoutMs: 5_000,
        operationTimeoutMs: 20_000,
        allowUnencrypted: true,
        warn: () => undefined,
      });
    this.#sessions.set(recorded, session);
    return session;
  }

  close(): void {
    for (const session of this.#sessions.values()) session.close();
  }
}

/** Sends what stands for a recorded request. @throws what is no Failure: a defect of ours */
export async function callAs(step: RecordedStep, session: WsmanSession, request: WsmanRequest): Promise<CallResult> {
  try {
    const patience = step.outcome.kind === 'silent' ? { timeoutMs: patienceMs } : {};
    const use = request.kind === 'receive' ? 'long' : 'short';
    const { reply } = await session.call(request, { use, windowMs: 0, ...patience });
    return { reply, failure: undefined };
  } catch (error) {
    if (error instanceof Failure) return { reply: undefined, failure: error };
    throw error;
  }
}
