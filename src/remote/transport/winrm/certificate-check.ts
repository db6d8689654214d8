import { createHash, X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { Failure } from '../../../kernel/failure.ts';
import type { WinRmTls } from './tls-options.ts';

/** Whether Node itself checks the chain: not where a pin alone decides. */
export function checksChain({ rejectUnauthorized, pin, ca }: WinRmTls): boolean {
  return (rejectUnauthorized ?? true) && (pin === undefined || ca !== undefined);
}

/**
 * Holds the certificate of a socket to the pins; comes before the first byte is written.
 * @throws Failure `untrusted-host`
 */
export function checkPin(socket: TLSSocket, { pin }: WinRmTls, where: string): void {
  if (pin === undefined) return;
  const { raw } = socket.getPeerCertificate(true);
  const shown = raw ? fingerprintsOf(raw) : [];
  if (pin.some((wanted) => shown.includes(normalPin(wanted)))) return;
  throw new Failure(
    'untrusted-host',
    `Expected the pinned certificate from ${where} (${pin.join(' or ')}), got ${shown[0] ?? 'none'}. Nothing was sent. If the certificate was renewed, pin the new one; else find out what answers there.`,
    { facts: { shown } },
  );
}

/** Both fingerprints of a certificate: of the whole, and of its public key (as curl's --pinnedpubkey writes it). */
function fingerprintsOf(der: Buffer): readonly string[] {
  const key = new X509Certificate(der).publicKey.export({ type: 'spki', format: 'der' });
  return [
    `sha256:${createHash('sha256').update(der).digest('hex')}`,
    `sha256//${createHash('sha256').update(key).digest('base64')}`,
  ];
}

/** Colons and capitals in hexadecimal digits mean nothing. */
function normalPin(pin: string): string {
  return pin.startsWith('sha256//')
    ? pin
    : `sha256:${pin
        .replace(/^sha256:/iu, '')
        .replaceAll(':', '')
        .toLowerCase()}`;
}

/** What an error of TLS means: the host's certificate, ours, or neither. */
export function failureOfTls(error: Error, where: string): Failure | undefined {
  const code = 'code' in error ? String(error.code) : '';
  if (code.startsWith('ERR_SSL_')) {
    if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/u.test(code)) {
      return new Failure(
        'unreachable',
        `${where} does not speak TLS: HTTPS is on port 5986 by default. Take \`tls\` out of the inventory, or give the host an HTTPS listener (docs/host-setup.md, https-listener.ps1).`,
        { cause: error, facts: { cause: 'not-winrm' } },
      );
    }
    if (!/ALERT.*CERT|ALERT_UNKNOWN_CA/u.test(code)) return undefined;
    return new Failure(
      'unauthenticated',
      `${where} refused the client certificate: ${error.message}. The host must trust its issuer (store Root or CA) and map it to an account (winrm, certmapping).`,
      { cause: error },
    );
  }
  if (!/CERT|UNABLE_TO_VERIFY|INVALID_CA|HOSTNAME_MISMATCH/u.test(code)) return undefined;
  return new Failure(
    'untrusted-host',
    `The certificate of ${where} is not trusted: ${error.message}. Give its authority as tls.ca, its fingerprint as tls.pin, or the name that it bears as tls.servername.`,
    { cause: error },
  );
}
