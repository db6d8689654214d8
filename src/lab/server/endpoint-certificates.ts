import { createHash, X509Certificate } from 'node:crypto';
import type { ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { hashChannelBindings } from '../../remote/protocol/ntlm/channel-bindings.ts';
import type { WinRmEndpointOptions } from './endpoint-options.ts';

/** The hash that the channel bindings of a login must equal over this certificate (PEM). */
export const bindingsOf = ({ cert }: { readonly cert: string }): Buffer =>
  hashChannelBindings(new X509Certificate(cert).raw);

/** How an endpoint speaks TLS; client certificates are asked for where authorities of such are named, and needed from nobody. */
export function secureOptions({
  key,
  cert,
  clientAuthorities,
}: NonNullable<WinRmEndpointOptions['tls']>): ServerOptions {
  const asks =
    clientAuthorities === undefined ? {} : { requestCert: true, rejectUnauthorized: false, ca: clientAuthorities };
  return { key, cert, ...asks };
}

/** SHA-256 (lower-case hex) of the certificate that a client has shown, if it is trusted. */
export function certificateOf(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  return createHash('sha256').update(socket.getPeerCertificate(true).raw).digest('hex');
}
