import { Failure } from '../../../kernel/failure.ts';
import { type HttpCall, type HttpReply, SocketReplaced } from './http-wire.ts';
import type { LoginWork } from './login.ts';
import { unproven } from './refused-reply.ts';

/**
 * Sends a request of a login, which may carry the first message.
 * @throws Failure as `HttpWire.post`; `unreachable` instead of `dropped` where nothing of the message was sent, `dropped` instead of `protocol-error` where it was and must not be done twice
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
    // Nothing that the wire itself finds wrong in an answer means that the message was not processed.
    if (carrying && body.terms.harmless !== true && error instanceof Failure && error.code === 'protocol-error')
      throw unproven(error);
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
