import { Failure } from '../../../kernel/failure.ts';
import { decodeReply } from '../../protocol/wsman/replies.ts';
import { type ConnectionCause, remedyOf } from '../connection-causes.ts';
import type { HttpReply } from './http-wire.ts';

/** Characters of a fault in clear that an error shows. */
const longestSaid = 200;

/** What a reply over TLS, or to a request in clear, means that is no SOAP. */
export function refusal(reply: HttpReply, where: string): Failure {
  if (reply.status === 403) return new Failure('forbidden', `${where} refused the account (HTTP 403).`);
  // HTTP.sys answers so for a service that is not there: nothing was processed.
  if (reply.status === 503 || reply.status === 404) {
    const said = `${where} cannot serve requests now (HTTP ${reply.status}). ${remedyOf('service-away')}`;
    return new Failure('unreachable', said, { facts: { cause: 'service-away' } });
  }
  // A relay between us says that it got no answer: the host may have got the request.
  if (reply.status === 502 || reply.status === 504) {
    const said = `Something between us and ${where} answered that it got no answer (HTTP ${reply.status}).`;
    return new Failure('dropped', said, { facts: { cause: 'broken' } });
  }
  if (reply.status === 500) {
    return new Failure(
      'protocol-error',
      `${where} refused the request without a reason (HTTP 500); Windows does so for bodies that are not sealed.`,
    );
  }
  const said = `Expected a SOAP reply from ${where}, got HTTP ${reply.status}. ${remedyOf('not-winrm')}`;
  return new Failure('protocol-error', said, { facts: { cause: 'not-winrm' } });
}

/**
 * What an answer in clear to a sealed request means: nothing. The host seals what it says to one (MS-WSMV 2.2.9.1). In clear speak HTTP.sys, for
 * a service that is not there or a login that it has forgotten, and relays; but so can whoever stands between and has handed the
 * request on. So it is never taken for a reply, nor for a proof that the request was not processed: it is as if the connection had broken.
 */
export function answerInClear(reply: HttpReply, where: string): Failure {
  const cause = causes[reply.status] ?? 'unproven';
  return new Failure(
    'dropped',
    `${where} answered a sealed request in clear (HTTP ${reply.status}${faultOf(reply)}). Anybody on the way could have written that: the request may have been processed. ${remedyOf(cause)}`,
    { facts: { cause, httpStatus: reply.status } },
  );
}

const causes: Readonly<Record<number, ConnectionCause>> = {
  401: 'broken',
  404: 'service-away',
  502: 'broken',
  503: 'service-away',
  504: 'broken',
};

/** The fault that an answer claims to be, for whoever looks for the reason. */
function faultOf({ body }: HttpReply): string {
  try {
    const { reply } = decodeReply(body.toString('utf8'));
    return reply.kind === 'fault' ? `, fault ${reply.code}: ${reply.reason.slice(0, longestSaid)}` : '';
  } catch {
    return '';
  }
}
