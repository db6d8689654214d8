import type { Held } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { answerRequest } from '../web/web-request.ts';
import { type Adapter, adapterKey, addressOf, nameServersOf, wiredAdapter } from './adapter.ts';
import { blocksOutgoing } from './firewall.ts';
import { isAddress, readHostsFile } from './hosts-file.ts';
import { isTlsOff, negativeCacheMs } from './network-settings.ts';
import { type ProxySetting, proxyFor } from './proxy-settings.ts';
import { type Certificate, companyHosts, fitsName, healthySites, issuers, type Port, type Site } from './site.ts';

const hostsPath = 'C:\\Windows\\System32\\drivers\\etc\\hosts';
const rootStore = 'HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\ROOT\\Certificates';

/** What came of looking a name up. `missing`: a server says that there is none; `silent`: no server answered. */
export type Resolution =
  | { readonly kind: 'found'; readonly address: string; readonly from: 'literal' | 'hosts' | 'cache' | 'dns' | 'own' }
  | { readonly kind: 'missing'; readonly from: 'cache' | 'dns' }
  | { readonly kind: 'silent'; readonly from: 'dns' };

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

/** An entry of the resolver's cache; without an address it says that there is no such name. */
export type CacheEntry = { readonly name: string; readonly address: string | undefined; readonly untilMs: number };

/** The machine in its network: its adapter, the resolver with its cache, and what stands at the other end. */
export class Network {
  readonly #machine: Machine;
  readonly adapter: Adapter;
  /** What there is to reach. */
  sites: Site[];
  /** Name servers that answer, and whether they know the names of the company. */
  nameServers = new Map<string, { readonly knowsCompany: boolean }>([
    [companyHosts.nameServer, { knowsCompany: true }],
    [companyHosts.publicNameServer, { knowsCompany: false }],
  ]);
  /** A device on the way that opens TLS and signs with its own issuer. */
  inspection: { readonly issuer: string; readonly names: readonly string[] } | undefined;
  /** How ports behave on the direct way only, past any proxy: what a firewall of the company lets through, by address. */
  readonly directly = new Map<string, Site['ports']>();
  /** The resolver's cache by lower-case name. It is gone with the process of the service Dnscache, so it does not outlive a restart. */
  readonly cache = new Map<string, CacheEntry>();

  /** @param machine whose network it is */
  constructor(machine: Machine) {
    this.#machine = machine;
    this.adapter = wiredAdapter(machine.uiLanguage);
    this.sites = healthySites(Date.now());
  }

  /** Name servers in the order in which they are asked. */
  get servers(): string[] {
    return nameServersOf(this.#machine.registry, this.adapter);
  }

  /** The machine's own address. */
  get address(): string {
    return addressOf(this.#machine.registry, this.adapter).address;
  }

  /** Exchanges what the host with a name is, takes it away (`undefined`), or adds one. The first host that fits a name answers to it. */
  change(name: string, site: Partial<Site> | undefined): void {
    const at = this.sites.findIndex((one) => one.names.includes(name));
    const old = this.sites[at];
    if (!old) {
      if (site) this.sites = [{ names: [name], address: '10.20.30.99', ports: {}, ...site }, ...this.sites];
    } else this.sites = this.sites.toSpliced(at, 1, ...(site ? [{ ...old, ...site }] : []));
  }

  /** Changes how a port of a host behaves. */
  changePort(name: string, port: number, behaviour: Port): void {
    const old = this.sites.find((one) => one.names.includes(name));
    if (old) this.change(name, { ports: { ...old.ports, [port]: behaviour } });
  }

  /** Sets the name servers by hand, or takes back those of DHCP. */
  setServers(servers: readonly string[], pid: number): Held {
    const value = { name: 'NameServer', kind: 'String', data: servers.join(',') } as const;
    return this.#machine.registry.set(adapterKey(this.adapter), value, pid);
  }

  /** Empties the resolver's cache. */
  flush(pid: number): Held {
    const before = this.cache.size;
    this.cache.clear();
    return this.#machine.changes.record('dns.flush', 'DNS client cache', before, 0, pid);
  }

  /** Makes the resolver's service keep the cache only while it runs. Called once the base is complete. */
  attach(): void {
    this.#machine.services.setRoutine('Dnscache', { stopped: () => this.cache.clear() });
    this.#machine.power.watch((state) => {
      if (state === 'down') this.cache.clear();
    });
  }

  /** Looks a name up as the resolver does: hosts file, cache, name servers. */
  resolve(name: string, options: { noHosts?: boolean; server?: string } = {}): Resolution {
    if (isAddress(name)) return { kind: 'found', address: name, from: 'literal' };
    const wanted = name.toLowerCase().replace(/\.$/, '');
    if (wanted === 'localhost') return { kind: 'found', address: '127.0.0.1', from: 'own' };
    if (wanted === this.#machine.name.toLowerCase()) return { kind: 'found', address: this.address, from: 'own' };
    const entry = options.noHosts ? undefined : this.#hosts().get(wanted);
    if (entry !== undefined) return { kind: 'found', address: entry, from: 'hosts' };
    if (options.server !== undefined) return this.#ask(wanted, [options.server]);
    const isCaching = this.#machine.services.find('Dnscache')?.state === 'Running';
    const now = this.#machine.clock.monotonicMs();
    const known = isCaching ? this.cache.get(wanted) : undefined;
    if (known && known.untilMs > now)
      return known.address === undefined
        ? { kind: 'missing', from: 'cache' }
        : { kind: 'found', address: known.address, from: 'cache' };
    const answer = this.#ask(wanted, this.servers);
    if (isCaching && answer.kind !== 'silent')
      this.cache.set(wanted, {
        name: wanted,
        address: answer.kind === 'found' ? answer.address : undefined,
        // Positive answers for ten minutes.
        untilMs: now + (answer.kind === 'found' ? 600_000 : negativeCacheMs(this.#machine.registry)),
      });
    return answer;
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

  /** The host at an address. */
  siteAt(address: string): Site | undefined {
    return this.sites.find((site) => site.address === address);
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
    const site = isAddress(url.hostname) ? this.siteAt(url.hostname) : this.#named(url.hostname, true);
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

  #ask(name: string, servers: readonly string[]): Resolution {
    if (!this.adapter.isUp) return { kind: 'silent', from: 'dns' };
    for (const address of servers) {
      const server = this.nameServers.get(address);
      if (!server) continue;
      const site = this.#named(name, server.knowsCompany);
      return site ? { kind: 'found', address: site.address, from: 'dns' } : { kind: 'missing', from: 'dns' };
    }
    return { kind: 'silent', from: 'dns' };
  }

  #named(name: string, knowsCompany: boolean): Site | undefined {
    return this.sites.find(
      (site) => (knowsCompany || !site.isInternal) && site.names.some((known) => fitsName(name, known)),
    );
  }

  #hosts(): ReadonlyMap<string, string> {
    const node = this.#machine.files.find(hostsPath);
    return node && !node.isFolder ? readHostsFile(this.#machine.files.read(node)) : new Map();
  }
}

/** Issuers that the root store of a fresh machine holds; that of the company comes with its group policy. */
export const trustedIssuers: readonly string[] = [issuers.microsoft, issuers.digicert];

/** Registry key of the machine's root store. */
export const rootStoreKey = rootStore;
