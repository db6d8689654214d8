import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { KerberosAcceptor } from '../../remote/protocol/kerberos/kerberos-acceptor.ts';
import { readKeytab } from '../../remote/protocol/kerberos/keytab.ts';
import { isNtlmMessage } from '../../remote/protocol/ntlm/messages.ts';
import { NtlmAcceptor } from '../../remote/protocol/ntlm/ntlm-acceptor.ts';
import { hashPassword } from '../../remote/protocol/ntlm/ntlmv2.ts';
import { mechanismIds, unframeToken } from '../../remote/protocol/security/gss-framing.ts';
import type { AcceptorHandshake, Identity } from '../../remote/protocol/security/handshake.ts';
import type { MessageSeal } from '../../remote/protocol/security/message-seal.ts';
import { SpnegoAcceptor } from '../../remote/protocol/spnego/spnego-acceptor.ts';
import type { LabUser, WinRmEndpointOptions } from './endpoint-options.ts';

/** Who a connection belongs to. */
export type Caller = {
  /** `DOMAIN\user` with the machine's name for its own accounts. */
  readonly account: string;
  readonly administrator: boolean;
  readonly seal: MessageSeal | undefined;
};

/** What an Authorization header leads to. */
export type LoginStep =
  | {
      readonly kind: 'accepted';
      readonly caller: Caller;
      /** Value of WWW-Authenticate by which the host proves itself, if the mechanism has one. */
      readonly proof: string | undefined;
      /** True for the request whose token completed the login. */
      readonly fresh: boolean;
    }
  /** Answer 401 with these WWW-Authenticate values. */
  | { readonly kind: 'asked'; readonly offers: readonly string[] };

/** What is known of the connection itself. */
export type ConnectionFacts = {
  /** Over TLS: the hash that channel bindings must equal. */
  readonly channelBindings: Buffer | undefined;
  /** SHA-256 of the client's certificate (lower-case hex), if it showed one that is trusted. */
  readonly certificate: string | undefined;
};

/** The login of one connection; tokens make the connection itself the logged-in thing. */
export class ConnectionLogin {
  readonly #options: WinRmEndpointOptions;
  readonly #facts: ConnectionFacts;
  #acceptor: AcceptorHandshake | undefined;
  #caller: Caller | undefined;

  constructor(options: WinRmEndpointOptions, facts: ConnectionFacts) {
    this.#options = options;
    this.#facts = facts;
  }

  /** Judges a request by its Authorization header, or by what the connection has already proven. */
  judge(authorization: string | undefined): LoginStep {
    if (authorization === undefined) return this.#caller ? accepted(this.#caller, false) : this.#refuse();
    const [scheme = '', token = ''] = authorization.split(/\s+/u);
    const { schemes, tls, keytab } = this.#options;
    const bytes = Buffer.from(token, 'base64');
    switch (scheme.toLowerCase()) {
      case 'negotiate':
        return schemes.negotiate ? this.#step('Negotiate', bytes) : this.#refuse();
      case 'kerberos':
        return keytab && (schemes.kerberos ?? true) ? this.#step('Kerberos', bytes) : this.#refuse();
      case 'ntlm':
        return schemes.ntlm ? this.#step('NTLM', bytes) : this.#refuse();
      case 'basic':
        return schemes.basic && tls ? this.#judgeBasic(bytes.toString('utf8')) : this.#refuse();
      case 'http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual':
        return this.#judgeCertificate();
      default:
        return this.#refuse();
    }
  }

  #step(scheme: 'Negotiate' | 'Kerberos' | 'NTLM', token: Buffer): LoginStep {
    this.#caller = undefined;
    this.#acceptor ??= this.#makeAcceptor(scheme, token);
    const acceptor = this.#acceptor;
    if (!acceptor) return this.#refuse();
    const step = acceptor.step(token);
    const proof = step.token && `${scheme} ${step.token.toString('base64')}`;
    if (step.kind === 'continue') return { kind: 'asked', offers: proof === undefined ? [] : [proof] };
    this.#acceptor = undefined;
    const user = step.kind === 'accepted' ? this.#userOf(step.identity) : undefined;
    if (step.kind === 'refused' || !user) return this.#refuse(proof);
    this.#caller = this.#callerOf(user, step.seal);
    return accepted(this.#caller, true, proof);
  }

  /** The acceptor that a first token asks for; undefined for what the scheme does not serve. */
  #makeAcceptor(scheme: 'Negotiate' | 'Kerberos' | 'NTLM', token: Buffer): AcceptorHandshake | undefined {
    const { keytab } = this.#options;
    const kerberos = keytab && ((): AcceptorHandshake => this.#kerberos(keytab));
    const ntlm = (): AcceptorHandshake => this.#ntlm();
    if (isNtlmMessage(token, 1)) return scheme === 'Kerberos' ? undefined : ntlm();
    if (scheme === 'NTLM' || token.length === 0) return undefined;
    const { mechanism } = unframeToken(token);
    if (mechanism === mechanismIds.kerberos) return kerberos?.();
    if (scheme === 'Kerberos') return undefined;
    return mechanism === mechanismIds.spnego
      ? new SpnegoAcceptor({ ntlm, ...(kerberos ? { kerberos } : {}) })
      : undefined;
  }

  #kerberos(keytab: Uint8Array): AcceptorHandshake {
    const nowMs = this.#options.clock.now();
    const { channelBindings } = this.#facts;
    return new KerberosAcceptor({ keys: readKeytab(keytab), nowMs, randomBytes, channelBindings });
  }

  #ntlm(): AcceptorHandshake {
    const { computerName, domainName, clock } = this.#options;
    return new NtlmAcceptor({
      computerName,
      domainName,
      nowMs: clock.now(),
      challenge: randomBytes(8),
      findNtHash: (user, domain) => {
        const found = this.#findUser(user, domain);
        return found && hashPassword(found.password);
      },
      channelBindings: this.#facts.channelBindings,
    });
  }

  #judgeBasic(pair: string): LoginStep {
    const colon = pair.indexOf(':');
    const name = pair.slice(0, colon);
    const backslash = name.indexOf('\\');
    const user = this.#findUser(name.slice(backslash + 1), name.slice(0, Math.max(backslash, 0)));
    if (colon < 0 || !user || !equal(user.password, pair.slice(colon + 1))) return this.#refuse();
    return accepted(this.#callerOf(user, undefined), false);
  }

  #judgeCertificate(): LoginStep {
    const { certificate } = this.#facts;
    const name = certificate === undefined ? undefined : this.#options.certificates?.[certificate];
    const user = name === undefined ? undefined : this.#options.users.find((each) => each.name === name);
    return user ? accepted(this.#callerOf(user, undefined), false) : this.#refuse();
  }

  #callerOf(user: LabUser, seal: MessageSeal | undefined): Caller {
    const account = `${user.domain ?? this.#options.computerName}\\${user.name}`;
    return { account, administrator: user.administrator ?? true, seal };
  }

  #userOf({ provenBy, user, domain }: Identity): LabUser | undefined {
    if (provenBy === 'ntlm') return this.#findUser(user, domain);
    // A realm is the domain's name in DNS; its first part is the NetBIOS name by which the lab knows the domain.
    const [netbios = ''] = domain.split('.');
    return this.#options.users.find((each) => same(each.name, user) && same(each.domain ?? '', netbios));
  }

  #findUser(name: string, domain: string): LabUser | undefined {
    const { users, computerName, domainName } = this.#options;
    const local = domain === '' || domain === '.' || same(domain, computerName) || same(domain, domainName);
    return users.find(
      (user) => same(user.name, name) && (user.domain === undefined ? local : local || same(user.domain, domain)),
    );
  }

  /** @param reason the mechanism's own word on the refusal, as value of WWW-Authenticate */
  #refuse(reason?: string): LoginStep {
    this.#caller = undefined;
    this.#acceptor = undefined;
    const { schemes, tls, keytab } = this.#options;
    const offers = [
      ...(schemes.negotiate ? ['Negotiate'] : []),
      ...(keytab && (schemes.kerberos ?? true) ? ['Kerberos'] : []),
      ...(schemes.ntlm ? ['NTLM'] : []),
      ...(schemes.basic && tls ? ['Basic realm="WSMAN"'] : []),
    ];
    return { kind: 'asked', offers: reason === undefined ? offers : [reason] };
  }
}

function accepted(caller: Caller, fresh: boolean, proof?: string): LoginStep {
  return { kind: 'accepted', caller, proof, fresh };
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
