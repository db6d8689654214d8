import type { Held } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { type Adapter, adapterKey, addressOf, nameServersOf, wiredAdapter } from './adapter.ts';
import { isAddress, readHostsFile } from './hosts-file.ts';
import { negativeCacheMs } from './network-settings.ts';
import { companyHosts, fitsName, healthySites, type Port, type Site } from './site.ts';

const hostsPath = 'C:\\Windows\\System32\\drivers\\etc\\hosts';

/** What came of looking a name up. `missing`: a server says that there is none; `silent`: no server answered. */
export type Resolution =
  | { readonly kind: 'found'; readonly address: string; readonly from: 'literal' | 'hosts' | 'cache' | 'dns' | 'own' }
  | { readonly kind: 'missing'; readonly from: 'cache' | 'dns' }
  | { readonly kind: 'silent'; readonly from: 'dns' };

/** An entry of the resolver's cache; without an address it says that there is no such name. */
export type CacheEntry = { readonly name: string; readonly address: string | undefined; readonly untilMs: number };

/** The hosts that there are, the adapter through which the machine comes to them, and the resolver of their names with its cache. */
export class NameResolver {
  readonly #machine: Machine;
  readonly adapter: Adapter;
  /** What there is to reach. */
  sites: Site[];
  /** Name servers that answer, and whether they know the names of the company. */
  nameServers = new Map<string, { readonly knowsCompany: boolean }>([
    [companyHosts.nameServer, { knowsCompany: true }],
    [companyHosts.publicNameServer, { knowsCompany: false }],
  ]);
  /** The resolver's cache by lower-case name. It is gone with the process of the service Dnscache, so it does not outlive a restart. */
  readonly cache = new Map<string, CacheEntry>();

  /** @param machine that looks names up */
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

  /** The host at an address. */
  siteAt(address: string): Site | undefined {
    return this.sites.find((site) => site.address === address);
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

  #ask(name: string, servers: readonly string[]): Resolution {
    if (!this.adapter.isUp) return { kind: 'silent', from: 'dns' };
    for (const address of servers) {
      const server = this.nameServers.get(address);
      if (!server) continue;
      const site = this.named(name, server.knowsCompany);
      return site ? { kind: 'found', address: site.address, from: 'dns' } : { kind: 'missing', from: 'dns' };
    }
    return { kind: 'silent', from: 'dns' };
  }

  /** The first host that a name server gives for a name. */
  protected named(name: string, knowsCompany: boolean): Site | undefined {
    return this.sites.find(
      (site) => (knowsCompany || !site.isInternal) && site.names.some((known) => fitsName(name, known)),
    );
  }

  #hosts(): ReadonlyMap<string, string> {
    const node = this.#machine.files.find(hostsPath);
    return node && !node.isFolder ? readHostsFile(this.#machine.files.read(node)) : new Map();
  }
}
