import { Failure } from '../../../kernel/failure.ts';
import { plainContentType } from '../../protocol/wsman/sealed-body.ts';
import type { LoginWork, Trial } from './login.ts';
import { postLogin } from './post-login.ts';

/** The header by which a client certificate logs in (MS-WSMV 2.2.1). */
const mutualTls = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual';

/**
 * The password in clear with every request: over TLS, or where the host is allowed plain HTTP.
 * @throws Failure `unauthenticated` if it was refused
 */
export async function logInByPassword(work: LoginWork): Promise<Trial> {
  const { host, port, tls, allowUnencrypted, auth } = work.options;
  if (!tls && !allowUnencrypted) return { kind: 'passed', why: 'needs TLS' };
  if (!tls) {
    work.warn(`${host}:${port}: password and messages travel in clear text (basic over plain HTTP, allowUnencrypted).`);
  }
  const pair = `${auth.username}:${await auth.password()}`;
  const trial = await tryHeader(work, 'basic', `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`);
  if (trial.kind === 'in' || !/\bbasic\b/iu.test(trial.offers)) return trial;
  throw refused(work);
}

/** A client certificate of ours, which the host maps to an account. */
export async function logInByCertificate(work: LoginWork): Promise<Trial> {
  const { tls } = work.options;
  if (!tls) return { kind: 'passed', why: 'needs TLS' };
  if (!tls.clientCertificate) return { kind: 'passed', why: 'there is no tls.clientCertificate' };
  const { host, port } = work.options;
  try {
    const trial = await tryHeader(work, 'certificate', mutualTls);
    if (trial.kind === 'in') return trial;
    const cause = new Failure(
      'unauthenticated',
      `${host}:${port} did not take the client certificate: it must be mapped to an account there (winrm, certmapping), certificate logins must be on (WSMan:\\localhost\\Service\\Auth\\Certificate), and its name of type UPN must be the mapping's subject.`,
    );
    return { kind: 'passed', why: 'the host does not take the certificate', cause };
  } catch (error) {
    if (error instanceof Failure && error.code === 'unauthenticated')
      return { kind: 'passed', why: 'the host does not take the certificate', cause: error };
    throw error;
  }
}

/** The account was refused: the name, the password or its state. */
export function refused({ options: { host, port, auth } }: Pick<LoginWork, 'options'>, cause?: Failure): Failure {
  return new Failure(
    'unauthenticated',
    `${host}:${port} refused the login of ${auth.username}: check the name, the password and whether the account is locked.`,
    { cause },
  );
}

type HeaderTrial = Extract<Trial, { kind: 'in' }> | (Extract<Trial, { kind: 'passed' }> & { readonly offers: string });

/**
 * One request shows whether the host takes the header. The message goes with it only if it may be done twice: where the answer is no, the next
 * mechanism follows, and something between could have handed the message on.
 */
async function tryHeader(
  work: LoginWork,
  provenBy: 'basic' | 'certificate',
  authorization: string,
): Promise<HeaderTrial> {
  const { soap, terms } = work.body;
  const carries = terms.harmless === true;
  const reply = await postLogin(work, carries, () => ({
    headers: { Authorization: authorization, 'Content-Type': plainContentType },
    body: carries ? soap : Buffer.alloc(0),
  }));
  const offers = reply.headers['www-authenticate'] ?? '';
  if (reply.status === 401) return { kind: 'passed', why: `the host offers ${offers || 'nothing'}`, offers };
  const login = { provenBy, socket: undefined, seal: undefined, authorization };
  return { kind: 'in', login, reply: carries ? reply : undefined };
}
