import { Failure } from '../../../kernel/failure.ts';
import { type HttpCall, type HttpReply, SocketReplaced } from './http-wire.ts';
import type { LoginWork } from './login.ts';

/**
 * Sends a request of a login, which may carry the first message.
 * @throws Failure as `HttpWire.post`; `unreachable` instead of `dropped` where nothing of the message was sent
 */
export async function postLogin(
  { wire, body, limits }: LoginWork,
  carrying: boolean,
  prepare: HttpCall['prepare'],
): Promise<HttpReply> {
  const { timeoutMs, signal, notAfterMs } = carrying ? body.terms : limits;
  try {
    return await wire.post({ prepare, timeoutMs, signal, notAfterMs });
  } catch (error) {
    // Where nothing but empty requests was sent, a broken connection has run nothing.
    const broken =
      error instanceof SocketReplaced || (error instanceof Failure && error.code === 'dropped' && !carrying);
    if (!broken) throw error;
    throw new Failure('unreachable', `The connection did not stay open during the login: ${error.message}`, {
      cause: error,
      facts: error instanceof Failure ? error.facts : { cause: 'broken' },
    });
  }
}
