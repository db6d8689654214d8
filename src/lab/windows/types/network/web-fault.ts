import { defineEnum } from '../../../evaluator/define.ts';
import { enumValue, exception } from '../../../evaluator/make.ts';
import type { Exception, Value } from '../../../evaluator/value.ts';
import type { WebOutcome } from '../../machine/network/network.ts';

/** System.Net.WebExceptionStatus. */
export const webStatusEnum = defineEnum('System.Net.WebExceptionStatus', {
  Success: 0,
  NameResolutionFailure: 1,
  ConnectFailure: 2,
  ReceiveFailure: 3,
  SendFailure: 4,
  PipelineFailure: 5,
  RequestCanceled: 6,
  ProtocolError: 7,
  ConnectionClosed: 8,
  TrustFailure: 9,
  SecureChannelFailure: 10,
  ServerProtocolViolation: 11,
  KeepAliveFailure: 12,
  Pending: 13,
  Timeout: 14,
  ProxyNameResolutionFailure: 15,
  UnknownError: 16,
});

/** System.Net.HttpStatusCode, as far as servers of the lab answer. */
export const httpStatusEnum = defineEnum('System.Net.HttpStatusCode', {
  OK: 200,
  NoContent: 204,
  MovedPermanently: 301,
  Found: 302,
  NotModified: 304,
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  ProxyAuthenticationRequired: 407,
  RequestTimeout: 408,
  InternalServerError: 500,
  BadGateway: 502,
  ServiceUnavailable: 503,
  GatewayTimeout: 504,
});

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  407: 'Proxy Authentication Required',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** What a status says in words. */
export const reasonOf = (status: number): string => reasons[status] ?? String(status);

const socket = (code: number, message: string): Exception =>
  exception('System.Net.Sockets.SocketException', message, {
    hresult: 0x80004005,
    properties: { ErrorCode: code, NativeErrorCode: code },
  });

/** The exception of .NET for a request that got no good answer; `undefined` where it did. `response` is what an answer of 400 and more carries. */
export const webException = (
  outcome: WebOutcome,
  response: (status: number, page: string) => Value,
): Exception | undefined => {
  const make = (status: string, message: string, inner?: Exception, answer: Value = null): Exception =>
    exception('System.Net.WebException', message, {
      hresult: 0x80131509,
      ...(inner ? { inner } : {}),
      properties: { Status: enumValue(webStatusEnum, status), Response: answer },
    });
  switch (outcome.kind) {
    case 'no-name':
      return outcome.isProxy
        ? make('ProxyNameResolutionFailure', `The proxy name could not be resolved: '${outcome.host}'`)
        : make('NameResolutionFailure', `The remote name could not be resolved: '${outcome.host}'`);
    case 'refused':
      return make(
        'ConnectFailure',
        'Unable to connect to the remote server',
        socket(10_061, 'No connection could be made because the target machine actively refused it'),
      );
    case 'silent':
      return make('Timeout', 'The operation has timed out');
    case 'no-route':
      return make(
        'ConnectFailure',
        'Unable to connect to the remote server',
        socket(10_051, 'A socket operation was attempted to an unreachable network'),
      );
    case 'reset':
      return make(
        'ReceiveFailure',
        'The underlying connection was closed: An unexpected error occurred on a receive.',
        socket(10_054, 'An existing connection was forcibly closed by the remote host'),
      );
    case 'untrusted':
      if (outcome.problem === 'protocol')
        return make('SecureChannelFailure', 'The request was aborted: Could not create SSL/TLS secure channel.');
      return make(
        'TrustFailure',
        'The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel.',
        exception(
          'System.Security.Authentication.AuthenticationException',
          'The remote certificate is invalid according to the validation procedure.',
        ),
      );
    case 'answer':
      if (outcome.status < 400) return undefined;
      return make(
        'ProtocolError',
        `The remote server returned an error: (${outcome.status}) ${reasonOf(outcome.status)}.`,
        undefined,
        response(outcome.status, outcome.page ?? ''),
      );
  }
};

/** How long a request takes until it has its outcome, in ms. */
export const durationOf = (outcome: WebOutcome, timeoutMs: number): number =>
  outcome.kind === 'silent' ? Math.min(timeoutMs, 21_000) : outcome.kind === 'refused' ? 2000 : 60;
