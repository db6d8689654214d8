import type { Machine } from '../machine.ts';
import { answerRequest } from '../web/web-request.ts';
import { blocksOutgoing } from './firewall.ts';
import { isAddress } from './hosts-file.ts';
import { NameResolver } from './name-resolver.ts';
import { isTlsOff } from './network-settings.ts';
import { type ProxySetting, proxyFor } from './proxy-settings.ts';
import { type Certificate, fitsName, issuers, type Port, type Site } from './site.ts';

const rootStore = 'HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\ROOT\\Certificates';

/** What came of an HTTP request. */
export type WebOutcome =
  | { readonly kind: 'no-name'; readonly host: string; readonly isProxy: boolean }
  | { readonly kind: 'refused' | 'silent' | 'reset' | 'no-route'; readonly isProxy: boolean }
  | {
      readonly kind: 'untrusted';
      readonly problem: 'issuer' | 'name' | 'date' | 'protocol';
      readonly certificate: Certificate;
    }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly address: string;
      /** What a web filter sent instead of what was asked for. */
      readonly page: string | undefined;
      readonly certificate: Certificate | undefined;
      readonly isProxy: boolean;
    };

/** The machine in its network: what it reaches at the addresses that names mean. */
export class Network extends NameResolver {
  readonly #machine: Machine;
  /** A device on the way that opens TLS and signs with its own issuer. */
  inspection: { readonly issuer: string; readonly names: readonly string[] } | undefined;
  /** How ports behave on the direct way only, past any proxy: what a firewall of the company lets through, by address. */
  readonly directly = new Map<string, Site['ports']>();
  /** @param machine whose network it is */
  constructor(machine: Machine) {
    super(machine);
    this.#machine = machine;
  }

  /** How a TCP connection to an address ends. */
  connect(address: string, port: number): Port['tcp'] {
    if (!this.adapter.isUp && !address.startsWith('127.')) return 'silent';
    const profile = this.#machine.policy.domain === undefined ? 'StandardProfile' : 'DomainProfile';
    const isFiltering = this.#machine.services.find('mpssvc')?.state === 'Running';
    const isOwn = address.startsWith('127.') || address === this.address;
    // A connection that the firewall refuses fails at once, like one that the other end refuses.
    if (isFiltering && !isOwn && blocksOutgoing(this.#machine.registry, profile)) return 'refused';
    const behaviour = this.directly.get(address)?.[port] ?? this.portOf(address, port);
    if (behaviour) return behaviour.tcp;
    if (address.startsWith('127.') || address === '0.0.0.0' || address === '::1' || address === this.address)
      return 'refused';
    return this.siteAt(address)?.answersPing ? 'refused' : 'silent';
  }

  /** What listens at a port of an address. */
  portOf(address: string, port: number): Port | undefined {
    return this.siteAt(address)?.ports[port];
  }

  /** Whether an address answers an echo request. */
  ping(address: string): boolean {
    if (address.startsWith('127.') || address === '::1' || address === this.address) return true;
    return this.adapter.isUp && this.siteAt(address)?.answersPing === true;
  }

  /** Whether a time server answers. */
  answersTime(name: string): boolean {
    const found = this.resolve(name);
    return found.kind === 'found' && this.siteAt(found.address)?.answersTime === true;
  }

  /**
   * Sends an HTTP request, through a proxy where the setting says so; what goes to this machine itself goes through none.
   * @param asked method, and the name in the header Host where it is another than that of the URL
   */
  request(
    url: URL,
    setting: ProxySetting | undefined,
    asked: { readonly method?: string; readonly host?: string } = {},
  ): WebOutcome {
    const own = this.#own(url, asked);
    if (own) return own;
    const isSecure = url.protocol === 'https:';
    const port = Number(url.port) || (isSecure ? 443 : 80);
    if (this.#machine.defender.blocksHost(url.hostname)) return { kind: 'reset', isProxy: false };
    const through = proxyFor(setting, url);
    if (through) return this.#throughProxy(url, port, through);
    const found = this.resolve(url.hostname);
    if (found.kind !== 'found') return { kind: 'no-name', host: url.hostname, isProxy: false };
    const tcp = this.connect(found.address, port);
    if (tcp !== 'open') return { kind: tcp, isProxy: false };
    const behaviour = this.portOf(found.address, port);
    return behaviour ? this.#speak(url, found.address, behaviour, false) : { kind: 'reset', isProxy: false };
  }

  /** What this machine's own web server answers; `undefined` where the request goes elsewhere or nobody listens. */
  #own(
    url: URL,
    { method = 'GET', host = url.hostname }: { readonly method?: string; readonly host?: string },
  ): WebOutcome | undefined {
    const names = ['localhost', '127.0.0.1', '[::1]', this.address, this.#machine.name.toLowerCase()];
    if (!this.#machine.web.isInstalled || !names.includes(url.hostname.toLowerCase())) return undefined;
    const answer = answerRequest(this.#machine, { url, host, method });
    if (!answer) return undefined;
    const { status, body } = answer;
    return { kind: 'answer', status, address: '127.0.0.1', page: body, certificate: undefined, isProxy: false };
  }

  /** What a TLS handshake with an address shows: the certificate, and what is wrong with it. No certificate: nobody speaks TLS there. */
  handshake(
    address: string,
    port: number,
    host: string,
  ): { readonly certificate: Certificate | undefined; readonly problem: 'issuer' | 'name' | 'date' | undefined } {
    const shown = this.portOf(address, port)?.certificate;
    const certificate = shown && this.#opened(shown, host);
    return { certificate, problem: certificate && this.#problemOf(certificate, host) };
  }

  /** Whether the machine trusts an issuer: the root store of the machine names it. */
  trusts(issuer: string): boolean {
    const store = this.#machine.registry.find(rootStore);
    return Array.from(store?.keys.values() ?? []).some((key) => {
      const blob = key.values.get('blob')?.data;
      return blob instanceof Uint8Array && Buffer.from(blob).toString('utf8').includes(issuer);
    });
  }

  #throughProxy(url: URL, port: number, through: { readonly host: string; readonly port: number }): WebOutcome {
    const isProxy = true;
    const found = this.resolve(through.host);
    if (found.kind !== 'found') return { kind: 'no-name', host: through.host, isProxy };
    const tcp = this.connect(found.address, through.port);
    if (tcp !== 'open') return { kind: tcp, isProxy };
    const proxy = this.portOf(found.address, through.port)?.proxy;
    const answer = (status: number): WebOutcome => ({
      kind: 'answer',
      status,
      address: found.address,
      page: undefined,
      certificate: undefined,
      isProxy,
    });
    if (proxy === undefined) return answer(400);
    if (proxy === 'authenticates') return answer(407);
    // The proxy looks names up with the company's server and does not read the hosts file of this machine.
    const site = isAddress(url.hostname) ? this.siteAt(url.hostname) : this.named(url.hostname, true);
    const behaviour = site?.ports[port];
    if (!site || behaviour?.tcp !== 'open') return answer(site ? 504 : 502);
    return this.#speak(url, site.address, behaviour, isProxy);
  }

  #speak(url: URL, address: string, port: Port, isProxy: boolean): WebOutcome {
    const isSecure = url.protocol === 'https:';
    if (isSecure !== (port.certificate !== undefined)) return { kind: 'reset', isProxy };
    const certificate = port.certificate && this.#opened(port.certificate, url.hostname);
    if (certificate) {
      if (isTlsOff(this.#machine.registry)) return { kind: 'untrusted', problem: 'protocol', certificate };
      const problem = this.#problemOf(certificate, url.hostname);
      if (problem) return { kind: 'untrusted', problem, certificate };
    }
    const paths = port.http ?? { '*': 400 };
    const path = Object.keys(paths).find((one) =>
      one.endsWith('/*')
        ? url.pathname.toLowerCase().startsWith(one.slice(0, -1).toLowerCase())
        : one.toLowerCase() === url.pathname.toLowerCase(),
    );
    const status = paths[path ?? '*'] ?? 404;
    return { kind: 'answer', status, address, page: port.page, certificate, isProxy };
  }

  /** The certificate that arrives: signed anew where a device on the way opens the connection. */
  #opened(certificate: Certificate, host: string): Certificate {
    const { inspection } = this;
    if (!inspection?.names.some((name) => fitsName(host, name))) return certificate;
    return { ...certificate, issuer: inspection.issuer };
  }

  #problemOf(certificate: Certificate, host: string): 'issuer' | 'name' | 'date' | undefined {
    const now = this.#machine.clock.wallMs();
    if (now < certificate.notBeforeMs || now > certificate.notAfterMs) return 'date';
    if (!certificate.names.some((name) => fitsName(host, name))) return 'name';
    return this.trusts(certificate.issuer) ? undefined : 'issuer';
  }
}

/** Issuers that the root store of a fresh machine holds; that of the company comes with its group policy. */
export const trustedIssuers: readonly string[] = [issuers.microsoft, issuers.digicert];

/** Registry key of the machine's root store. */
export const rootStoreKey = rootStore;
