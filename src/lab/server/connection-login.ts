import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isNtlmMessage } from '../../remote/protocol/ntlm/messages.ts';
import { NtlmAcceptor } from '../../remote/protocol/ntlm/ntlm-acceptor.ts';
import type { NtlmSeal } from '../../remote/protocol/ntlm/ntlm-seal.ts';
import { hashPassword } from '../../remote/protocol/ntlm/ntlmv2.ts';
import type { LabUser, WinRmEndpointOptions } from './endpoint-options.ts';

/** Who a connection belongs to. */
export type Caller = {
  /** `DOMAIN\user` with the machine's name for its own accounts. */
  readonly account: string;
  readonly administrator: boolean;
  readonly seal: NtlmSeal | undefined;
};

/** What an Authorization header leads to. */
export type LoginStep =
  | { readonly kind: 'accepted'; readonly caller: Caller }
  /** Answer 401 with these WWW-Authenticate values. */
  | { readonly kind: 'asked'; readonly offers: readonly string[] };

/** The login of one connection; NTLM makes the connection itself the logged-in thing. */
export class ConnectionLogin {
  readonly #options: WinRmEndpointOptions;
  readonly #channelBindings: Buffer | undefined;
  #acceptor: NtlmAcceptor | undefined;
  #caller: Caller | undefined;

  constructor(options: WinRmEndpointOptions, channelBindings: Buffer | undefined) {
    this.#options = options;
    this.#channelBindings = channelBindings;
  }

  /** Judges a request by its Authorization header, or by what the connection has already proven. */
  judge(authorization: string | undefined): LoginStep {
    if (authorization === undefined) return this.#caller ? { kind: 'accepted', caller: this.#caller } : this.#refuse();
    const [scheme = '', token = ''] = authorization.split(/\s+/u);
    const { schemes, tls } = this.#options;
    switch (scheme.toLowerCase()) {
      case 'negotiate':
        return schemes.negotiate ? this.#stepNtlm('Negotiate', Buffer.from(token, 'base64')) : this.#refuse();
      case 'ntlm':
        return schemes.ntlm ? this.#stepNtlm('NTLM', Buffer.from(token, 'base64')) : this.#refuse();
      case 'basic':
        return schemes.basic && tls ? this.#judgeBasic(Buffer.from(token, 'base64').toString('utf8')) : this.#refuse();
      default:
        return this.#refuse();
    }
  }

  #stepNtlm(scheme: string, token: Buffer): LoginStep {
    this.#caller = undefined;
    if (isNtlmMessage(token, 1)) {
      const { computerName, domainName, clock } = this.#options;
      this.#acceptor = new NtlmAcceptor({
        computerName,
        domainName,
        nowMs: clock.now(),
        challenge: randomBytes(8),
        findNtHash: (user, domain) => {
          const found = this.#findUser(user, domain);
          return found && hashPassword(found.password);
        },
        ...(this.#channelBindings ? { channelBindings: this.#channelBindings } : {}),
      });
      return { kind: 'asked', offers: [`${scheme} ${this.#acceptor.challenge(token).toString('base64')}`] };
    }
    const acceptor = this.#acceptor;
    this.#acceptor = undefined;
    if (!acceptor || !isNtlmMessage(token, 3)) return this.#refuse();
    const verdict = acceptor.accept(token);
    const user = verdict.accepted ? this.#findUser(verdict.user, verdict.domain) : undefined;
    if (!verdict.accepted || !user) return this.#refuse();
    this.#caller = this.#callerOf(user, verdict.seal);
    return { kind: 'accepted', caller: this.#caller };
  }

  #judgeBasic(pair: string): LoginStep {
    const colon = pair.indexOf(':');
    const name = pair.slice(0, colon);
    const backslash = name.indexOf('\\');
    const user = this.#findUser(name.slice(backslash + 1), name.slice(0, Math.max(backslash, 0)));
    if (colon < 0 || !user || !equal(user.password, pair.slice(colon + 1))) return this.#refuse();
    return { kind: 'accepted', caller: this.#callerOf(user, undefined) };
  }

  #callerOf(user: LabUser, seal: NtlmSeal | undefined): Caller {
    const account = `${user.domain ?? this.#options.computerName}\\${user.name}`;
    return { account, administrator: user.administrator ?? true, seal };
  }

  #findUser(name: string, domain: string): LabUser | undefined {
    const { users, computerName, domainName } = this.#options;
    const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
    const local = domain === '' || domain === '.' || same(domain, computerName) || same(domain, domainName);
    return users.find(
      (user) => same(user.name, name) && (user.domain === undefined ? local : local || same(user.domain, domain)),
    );
  }

  #refuse(): LoginStep {
    this.#caller = undefined;
    const { schemes, tls } = this.#options;
    const offers = [
      ...(schemes.negotiate ? ['Negotiate'] : []),
      ...(schemes.ntlm ? ['NTLM'] : []),
      ...(schemes.basic && tls ? ['Basic realm="WSMAN"'] : []),
    ];
    return { kind: 'asked', offers };
  }
}

function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
