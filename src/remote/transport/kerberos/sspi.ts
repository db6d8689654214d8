import { Failure } from '../../../kernel/failure.ts';
import { splitUserName } from '../../protocol/ntlm/ntlm-client.ts';
import type { SealedMessage } from '../../protocol/security/message-seal.ts';
import { remedyOf } from '../connection-causes.ts';
import type { LoginHandshake, LoginStep } from '../winrm/login-handshake.ts';
import type { KerberosSettings } from './kerberos-settings.ts';

/** One security context of the npm package `kerberos`; it speaks base64. */
type SspiClient = {
  step(token: string): Promise<string | null>;
  wrap(message: string, options: { protect: boolean }): Promise<string>;
  unwrap(message: string): Promise<string>;
};

/** The account of a login; `own` is the one that this process runs under. */
type SspiAccount = 'own' | { readonly user: string; readonly domain: string; readonly password: string };

/**
 * The part of the npm package `kerberos` (7.0.0) that is used. On Windows the service is an SPN as it is, and a password counts only if it is
 * not empty: without one the context is that of the process's own account.
 */
export type KerberosPackage = {
  initializeClient(
    service: string,
    options: { flags: number; mechOID: number; user?: string; domain?: string; password?: string },
  ): Promise<SspiClient>;
};

/** Gives the package, or fails as an import does. */
export type LoadKerberosPackage = () => Promise<KerberosPackage>;

/** ISC_REQ flags of SSPI: mutual authentication, replay and sequence detection, confidentiality, integrity; no delegation. */
const flags = 0x2 | 0x4 | 0x8 | 0x10 | 0x10000;
/** The package's number for Kerberos alone. */
const kerberosOnly = 9;
/** Shortest signature of a message that AES has sealed (RFC 4121 4.2.6.2, with SHA-1), and what its token begins with. */
const shortestSignature = 60;
const wrapTokenId = 0x0504;

/** Where the package stands if it is installed. */
export const loadKerberosPackage: LoadKerberosPackage = async () => {
  // The name stands in a variable because the package need not be there: neither compiler nor bundler may look for it.
  const packageName = 'kerberos';
  return (await import(packageName)) as KerberosPackage;
};

/**
 * As whom Windows logs in: with the host's credential; as this process's own account only where `kerberos.cache` is `default`, which names
 * its tickets. @throws Failure `unauthenticated` for what SSPI cannot use, instead of logging in as somebody else
 */
export async function accountOf(
  settings: KerberosSettings,
  auth: { readonly username: string; readonly password: () => Promise<string> | string },
): Promise<SspiAccount> {
  if (settings.cache === 'default') return 'own';
  const unusable = settings.cache === undefined ? settings.keytab : settings.cache;
  if (unusable !== undefined) {
    throw new Failure(
      'unauthenticated',
      `Kerberos on Windows goes through Windows itself, which reads neither a credential cache nor a keytab, and ${unusable} is given. Take it out of the host's settings: give its credential a password, or set kerberos.cache to default to log in as the account that Kintsugi runs under.`,
    );
  }
  const password = await auth.password();
  if (password === '') {
    throw new Failure(
      'unauthenticated',
      `The password of ${auth.username} is empty; Windows would log in as the account that Kintsugi runs under. If that is wanted, set kerberos.cache to default.`,
    );
  }
  const { user, domain } = splitUserName(auth.username);
  if (settings.realm === undefined) return { user, domain, password };
  return { user: user.replace(/@.*$/u, ''), domain: settings.realm, password };
}

/**
 * Kerberos through Windows' own SSPI, by the optional package `kerberos`. The ticket is had when this returns. Channel bindings are not sent: the
 * package hands none on.
 * @throws Failure `unauthenticated` if the package or the ticket is not to be had; `clock-skew`
 */
export async function startSspi(
  service: string,
  account: SspiAccount,
  load: LoadKerberosPackage,
): Promise<LoginHandshake> {
  const kerberos = await load().catch((error: unknown) => {
    throw absent(error);
  });
  const whose = account === 'own' ? 'the account that Kintsugi runs under' : account.user;
  const advice = `As that account \`klist get ${service}\` shows what Windows lacks; check the name of the host, kerberos.spn, and the credential.`;
  const client = await kerberos
    .initializeClient(service, { flags, mechOID: kerberosOnly, ...(account === 'own' ? {} : account) })
    .catch((error: unknown) => {
      throw refused(`Windows takes no login of ${whose}`, error, advice, account);
    });
  const step = async (token: string, what: string): Promise<Buffer | undefined> => {
    const answer = await client.step(token).catch((error: unknown) => {
      throw refused(what, error, advice, account);
    });
    return answer ? Buffer.from(answer, 'base64') : undefined;
  };
  const first = await step('', `Windows has no Kerberos ticket of ${whose} for ${service}`);
  return {
    provenBy: 'kerberos',
    start: () => ({ token: first, seal: undefined, answer: 'needed' }),
    proceed: async (token): Promise<LoginStep> => ({
      token: await step(Buffer.from(token).toString('base64'), `Windows does not take the answer of ${service}`),
      seal: sealOf(client),
      answer: 'none',
    }),
  };
}

function sealOf(client: SspiClient): NonNullable<LoginStep['seal']> {
  return {
    async seal(message: Uint8Array): Promise<SealedMessage> {
      const wrapped = Buffer.from(
        await client.wrap(Buffer.from(message).toString('base64'), { protect: true }).catch((error: unknown) => {
          // As when the ticket has run out: a new login helps, and nothing was sent.
          const said = `Windows does not seal any more (${wordsOf(error)}). A new login is needed.`;
          throw new Failure('unreachable', said, { cause: error, facts: { cause: 'broken' } });
        }),
        'base64',
      );
      const cut = wrapped.length - message.length;
      if (cut < shortestSignature || wrapped.readUInt16BE() !== wrapTokenId) {
        throw new Failure(
          'unauthenticated',
          "Expected a message that AES has sealed from Windows' Kerberos, got one of another kind (RC4). Allow AES for the account of the host (msDS-SupportedEncryptionTypes) and for that of the login.",
        );
      }
      return { signature: wrapped.subarray(0, cut), sealed: wrapped.subarray(cut) };
    },
    async unseal(signature: Uint8Array, sealed: Uint8Array): Promise<Buffer> {
      const token = Buffer.concat([signature, sealed]).toString('base64');
      const clear = await client.unwrap(token).catch((error: unknown) => {
        const said = `Windows cannot unseal it (${wordsOf(error)}). ${remedyOf('unproven')}`;
        throw new Failure('protocol-error', said, { cause: error });
      });
      return Buffer.from(clear, 'base64');
    },
  };
}

function absent(error: unknown): Failure {
  return new Failure(
    'unauthenticated',
    'Kerberos on Windows goes through the optional npm package kerberos 7, which is not here or does not start. Install it beside Kintsugi (npm install kerberos@7), or take another mechanism.',
    { cause: error },
  );
}

/** Windows tells by words alone what went wrong; of clocks and passwords (SEC_E_LOGON_DENIED) it is understood in English. */
function refused(what: string, error: unknown, advice: string, account: SspiAccount): Failure {
  const said = wordsOf(error);
  if (/clock|skew/iu.test(said)) {
    const remedy = 'Set all clocks by one time source (w32tm /resync).';
    return new Failure('clock-skew', `${what}: ${said} ${remedy}`, { cause: error });
  }
  const isPassword = account !== 'own' && /logon attempt failed|logon.?denied/iu.test(said);
  const facts = isPassword ? { refused: 'password' } : {};
  return new Failure('unauthenticated', `${what}: ${said} ${advice}`, { cause: error, facts });
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).trim();
