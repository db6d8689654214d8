import { Failure, type FailureCode } from '../../../kernel/failure.ts';
import { decodeReply } from '../../protocol/wsman/replies.ts';
import { type ConnectionCause, remedyOf } from '../connection-causes.ts';
import type { HttpReply } from './http-wire.ts';

/** Characters of a fault in clear that an error shows. */
const longestSaid = 200;

/**
 * What an answer means that is no SOAP, or in clear where it should be sealed: as it stands (`code`, for a request that does no harm when it is
 * done twice, or that surely was not processed), and what kind of trouble it shows.
 */
type Meaning = {
  readonly code: FailureCode;
  readonly cause?: ConnectionCause;
  readonly said: string;
  /** Whether HTTP.sys says so for a service that is not there: a request that it answers so was not processed. */
  readonly bySystem?: true;
};

const gone: Meaning = { code: 'unreachable', cause: 'service-away', said: 'cannot serve requests now', bySystem: true };
/** A relay between us says that it got no answer: the host may have got the request. */
const noAnswer: Meaning = { code: 'dropped', cause: 'broken', said: 'is said to have given no answer' };
const meanings: Readonly<Record<number, Meaning>> = {
  401: { code: 'unauthenticated', cause: 'unproven', said: 'refused the account' },
  403: { code: 'forbidden', said: 'refused the account' },
  404: gone,
  500: {
    code: 'protocol-error',
    said: 'refused the request without a reason; Windows does so for bodies that are not sealed',
  },
  502: noAnswer,
  503: gone,
  504: noAnswer,
};
const other: Meaning = { code: 'protocol-error', cause: 'not-winrm', said: 'gave no SOAP reply' };

/**
 * What a reply over TLS, or to a request in clear, means that is no SOAP. Something that ends TLS between us and the host may have handed the
 * request on and then answered in its place, so only HTTP.sys is believed that nothing was processed. 401 is not asked for here.
 * @param harmless whether the request may be done twice: then it is told for what it says
 */
export function refusal(reply: HttpReply, where: string, harmless: boolean): Failure {
  const { code, cause, said, bySystem } = meanings[reply.status] ?? other;
  const remedy = cause === undefined ? '' : ` ${remedyOf(cause)}`;
  const facts = cause === undefined ? {} : { cause };
  const meaning = new Failure(code, `${where} ${said} (HTTP ${reply.status}).${remedy}`, { facts });
  const believed = harmless || code === 'dropped' || (bySystem === true && isHttpSys(reply));
  return believed ? meaning : unproven(meaning);
}

/** A request of which an answer that is none of the host's came: nobody knows whether it was processed. */
export function unproven(meaning: Failure): Failure {
  if (meaning.code === 'dropped') return meaning;
  const said = `${meaning.message} The request may have been processed.`;
  return new Failure('dropped', said, {
    cause: meaning,
    facts: { cause: 'not-winrm', ...meaning.facts },
  });
}

/**
 * What 401 means on a connection that the host has let in, over TLS: that it has forgotten the login. But whatever ends TLS between could say so
 * too, and have handed the request on. It says nothing of the password, which was good.
 */
export function loginDenied(where: string): Failure {
  return new Failure(
    'dropped',
    `${where} denies a login that it had taken (HTTP 401): it has forgotten it, or something between says so. The request may have been processed.`,
    { facts: { cause: 'unproven', httpStatus: 401 } },
  );
}

/**
 * What an answer in clear to a sealed request means: nothing. The host seals what it says to one (MS-WSMV 2.2.9.1). In clear speak HTTP.sys, for
 * a service that is not there or a login that it has forgotten, and relays; but so can whoever stands between and has handed the
 * request on. So it is never taken for a reply, nor for a proof that the request was not processed: it is as if the connection had broken.
 */
export function answerInClear(reply: HttpReply, where: string): Failure {
  const cause = meanings[reply.status]?.cause ?? 'unproven';
  return new Failure(
    'dropped',
    `${where} answered a sealed request in clear (HTTP ${reply.status}${faultOf(reply)}). Anybody on the way could have written that: the request may have been processed. ${remedyOf(cause)}`,
    { facts: { cause, httpStatus: reply.status } },
  );
}

/** Whether a reply in clear holds SOAP. */
export function isSoap({ status, headers, body }: HttpReply): boolean {
  return (
    (status === 200 || status === 500) &&
    /^(?!multipart).*\bxml\b/iu.test(headers['content-type'] ?? '') &&
    body.length > 0
  );
}

/** Whether an answer to a message that went with the last leg of a login tells of a host that does not take it there, and not of one that is away. */
export const refusesForGood = ({ status }: HttpReply): boolean => {
  const { cause } = meanings[status] ?? other;
  return cause !== 'service-away' && cause !== 'broken';
};

const isHttpSys = ({ headers }: HttpReply): boolean => /^microsoft-httpapi\b/iu.test(String(headers['server']));

/** The fault that an answer claims to be, for whoever looks for the reason. */
function faultOf({ body }: HttpReply): string {
  try {
    const { reply } = decodeReply(body.toString('utf8'));
    return reply.kind === 'fault' ? `, fault ${reply.code}: ${reply.reason.slice(0, longestSaid)}` : '';
  } catch {
    return '';
  }
}
