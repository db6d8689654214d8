import { Failure } from '../../../kernel/failure.ts';
import type { SealedMessage } from '../../protocol/security/message-seal.ts';
import type { LoginHandshake, LoginStep } from '../winrm/login-handshake.ts';

/** The part of the npm package `kerberos` (7.0.0) that is used; it speaks base64. */
type SspiClient = {
  step(token: string): Promise<string | null>;
  wrap(message: string, options: { protect: boolean }): Promise<string>;
  unwrap(message: string): Promise<string>;
};

/** ISC_REQ flags of SSPI: mutual authentication, replay and sequence detection, confidentiality, integrity; no delegation. */
const flags = 0x2 | 0x4 | 0x8 | 0x10 | 0x10000;
/** The package's number for Kerberos alone. */
const kerberosOnly = 9;

/**
 * Kerberos through Windows' own SSPI, as the account under which the worker runs. It takes the optional package `kerberos`; channel bindings
 * are not sent, for the package knows none.
 * @throws Failure `unauthenticated` if the package is not there
 */
export async function startSspi(service: string): Promise<LoginHandshake> {
  const client = await openClient(service);
  const step = async (token: string): Promise<Buffer | undefined> => {
    const answer = await client.step(token);
    return answer ? Buffer.from(answer, 'base64') : undefined;
  };
  const seal = {
    async seal(message: Uint8Array): Promise<SealedMessage> {
      const wrapped = Buffer.from(
        await client.wrap(Buffer.from(message).toString('base64'), { protect: true }),
        'base64',
      );
      const cut = wrapped.length - message.length;
      return { signature: wrapped.subarray(0, cut), sealed: wrapped.subarray(cut) };
    },
    async unseal(signature: Uint8Array, sealed: Uint8Array): Promise<Buffer> {
      return Buffer.from(await client.unwrap(Buffer.concat([signature, sealed]).toString('base64')), 'base64');
    },
  };
  return {
    provenBy: 'kerberos',
    start: async (): Promise<LoginStep> => ({ token: await step(''), seal: undefined, answer: 'needed' }),
    proceed: async (token): Promise<LoginStep> => ({
      token: await step(Buffer.from(token).toString('base64')),
      seal,
      answer: 'none',
    }),
  };
}

async function openClient(service: string): Promise<SspiClient> {
  // The name stands in a variable because the package need not be there: neither compiler nor bundler may look for it.
  const packageName = 'kerberos';
  try {
    const loaded = (await import(packageName)) as {
      initializeClient(service: string, options: { flags: number; mechOID: number }): Promise<SspiClient>;
    };
    return await loaded.initializeClient(service.replace('/', '@'), { flags, mechOID: kerberosOnly });
  } catch (error) {
    throw new Failure(
      'unauthenticated',
      'Kerberos on Windows goes through the optional npm package kerberos 7, which is not here or does not start. Install it beside Kintsugi (npm install kerberos@7), or take another mechanism.',
      { cause: error },
    );
  }
}
