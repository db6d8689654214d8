import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../../kernel/failure.ts';
import { type Credential, readCredentialCache, withoutCredentials } from '../../protocol/kerberos/credential-cache.ts';
import type { Principal } from '../../protocol/kerberos/principal.ts';
import { findTools } from './kerberos-tools.ts';
import type { ToolLimits } from './run-tool.ts';
import { SharedPromises } from './shared-promises.ts';
import type { TicketOrigin } from './ticket-origin.ts';
import { refusedBy } from './tool-failure.ts';

/** Tickets with less time than this are not used any more. */
const shortestLifeMs = 5 * 60_000;

/** A service ticket, and how far the KDC's clock is ahead of ours, milliseconds. */
export type KeptTicket = Credential & { readonly clockOffsetMs: number };

/**
 * For so long a password that was wrong is not shown to the domain again, for whatever host: domains lock accounts by a few such tries within
 * 10 to 30 minutes. Another password is shown at once.
 */
const wrongForMs = 15 * 60_000;

/**
 * Takes service tickets by the system's Kerberos tools and keeps them, and the first ticket of each user, until they run out: in memory. Caches
 * that the tools write lie in a private folder for as long as the tools work; passwords go by standard input only.
 */
export class TicketKeeper {
  readonly #tickets = new SharedPromises<KeptTicket>();
  /** Credential caches with a first ticket. */
  readonly #caches = new SharedPromises<Buffer>();
  /** What the domain said to passwords that were wrong, and when, by name and hash. */
  readonly #wrong = new Map<string, { readonly failure: Failure; readonly atMs: number }>();
  /** Hashes of tickets that a host did not take: in a cache that others keep they stay where they are. */
  readonly #refused = new Map<string, { readonly endsAtMs: number; readonly isSure: boolean }>();

  /**
   * A ticket for a service, e.g. `HTTP/web01.example.com`.
   * @throws Failure `unauthenticated`, `unreachable` (no KDC) or `clock-skew`; or the signal's reason
   */
  async ticket(service: string, origin: TicketOrigin, limits: ToolLimits): Promise<KeptTicket> {
    const from = await nameOf(origin);
    return await this.#tickets.get(
      `${service}\n${from}`,
      (ticket) => this.#isUsable(ticket),
      async () => {
        const first =
          origin.kind === 'cache'
            ? await readCacheFile(cacheFile(origin.file))
            : await this.#caches.get(
                from,
                (cache) => ticketIn(cache, 'krbtgt') !== undefined,
                () => this.#takeFirst(from, origin, limits),
              );
        const found = ticketIn(first, service, (ticket) => this.#isUsable(ticket));
        if (found) return found;
        // A tool that finds a ticket in the cache buys none.
        const purse = withoutCredentials(first, ({ server }) => isFor(server, service));
        if (origin.kind === 'cache' && purse.length < first.length && !ticketIn(purse, 'krbtgt'))
          throw usedUp(service, cacheFile(origin.file));
        return await buy(purse, service, limits);
      },
    );
  }

  /**
   * Notes that a host did not take a ticket. If it said why, or has refused it twice in a row, the ticket is given to nobody any more, and
   * another one is bought; a single refusal without a reason could be anybody's on the way.
   */
  refuse({ ticket, endsAtMs }: KeptTicket, hasReason: boolean): void {
    for (const [hash, { endsAtMs: ends }] of this.#refused) if (!lives(ends)) this.#refused.delete(hash);
    const hash = hashOf(ticket);
    this.#refused.set(hash, { endsAtMs, isSure: hasReason || this.#refused.has(hash) });
  }

  /** Notes that a host took a ticket. */
  accept({ ticket }: KeptTicket): void {
    this.#refused.delete(hashOf(ticket));
  }

  async #takeFirst(from: string, origin: FirstOrigin, limits: ToolLimits): Promise<Buffer> {
    const known = this.#wrong.get(from);
    if (known && Date.now() - known.atMs < wrongForMs) throw stillWrong(known.failure, known.atMs);
    this.#wrong.delete(from);
    try {
      return await takeFirst(origin, limits);
    } catch (error) {
      const isWrong = origin.kind === 'password' && error instanceof Failure && refusedBy(error) === 'password';
      if (isWrong) this.#wrong.set(from, { failure: error, atMs: Date.now() });
      throw error;
    }
  }

  #isUsable({ ticket, endsAtMs }: Credential): boolean {
    return lives(endsAtMs) && this.#refused.get(hashOf(ticket))?.isSure !== true;
  }
}

const hashOf = (ticket: Uint8Array): string => createHash('sha256').update(ticket).digest('base64');

function usedUp(service: string, file: string): Failure {
  return new Failure(
    'unauthenticated',
    `The host did not take the ticket for ${service} in the Kerberos credential cache ${file} (or it has run out), and no first ticket lies there to buy another one with. Take new tickets: kinit -c FILE:${file}.`,
  );
}

/** Who holds another password gets no ticket that was taken with the right one: the hash of it belongs to the name. */
async function nameOf(origin: TicketOrigin): Promise<string> {
  switch (origin.kind) {
    case 'cache':
      return `cache\n${origin.file ?? ''}`;
    case 'keytab':
      return `keytab\n${origin.principal}\n${origin.file}`;
    case 'password': {
      const password = await origin.password();
      return `password\n${origin.principal}\n${createHash('sha256').update(password).digest('hex')}`;
    }
  }
}

/** Where first tickets are taken from that nobody else keeps. */
type FirstOrigin = Exclude<TicketOrigin, { kind: 'cache' }>;

function stillWrong({ message, facts }: Failure, atMs: number): Failure {
  const [when, until] = [atMs, atMs + wrongForMs].map((ms) => new Date(ms).toISOString());
  const said = `${message} That was at ${when}; until ${until} the same password is not shown again, for that could lock the account. Another one is tried at once.`;
  return new Failure('unauthenticated', said, { facts });
}

async function takeFirst(origin: FirstOrigin, limits: ToolLimits): Promise<Buffer> {
  return await withCacheFile(async (file) => (await findTools(limits)).takeFirst(file, origin, limits));
}

async function buy(first: Buffer, service: string, limits: ToolLimits): Promise<KeptTicket> {
  const cache = await withCacheFile(async (file) => {
    await writeFile(file, first, { mode: 0o600 });
    await (await findTools(limits)).buy(file, service, limits);
  });
  const ticket = ticketIn(cache, service);
  if (ticket) return ticket;
  throw new Failure(
    'unauthenticated',
    `The Kerberos tools ended well but left no ticket for ${service} in their cache.`,
  );
}

/** Lets a tool work on a cache in a folder of its own; gives what stands in it then. The folder goes in any case. */
async function withCacheFile(work: (file: string) => Promise<void>): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'kintsugi-krb5-'));
  try {
    const file = join(folder, 'cache');
    await work(file);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The ticket for a service (or the first one, for `krbtgt`) that lies in a cache and can be used; what has time left, if nothing else is said. */
function ticketIn(
  cache: Buffer,
  service: string,
  isUsable = ({ endsAtMs }: Credential): boolean => lives(endsAtMs),
): KeptTicket | undefined {
  const { credentials, clockOffsetMs } = readCredentialCache(cache);
  const found = credentials.findLast((credential) => isFor(credential.server, service) && isUsable(credential));
  return found && { ...found, clockOffsetMs };
}

function isFor({ components }: Principal, service: string): boolean {
  const name = service === 'krbtgt' ? components[0] : components.join('/');
  return name?.toLowerCase() === service.toLowerCase();
}

const lives = (endsAtMs: number): boolean => endsAtMs - Date.now() > shortestLifeMs;

async function readCacheFile(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new Failure(
      'unauthenticated',
      `The Kerberos credential cache ${file} cannot be read. Take a ticket with kinit -c FILE:${file}, or give the host a credential.`,
      { cause: error },
    );
  }
}

/** The path of a cache of type FILE. @throws Failure `unauthenticated` for other types */
function cacheFile(given: string | null): string {
  const name = given ?? process.env['KRB5CCNAME'] ?? `/tmp/krb5cc_${process.getuid?.() ?? 0}`;
  const [, type, path] = /^(?:([A-Z]+):)?(.*)$/u.exec(name) ?? [];
  if ((type ?? 'FILE') !== 'FILE' || path === undefined || path === '') {
    throw new Failure(
      'unauthenticated',
      `Expected a Kerberos credential cache of type FILE, got ${name}. Take a ticket with kinit -c FILE:<path> and give that path as kerberos.cache.`,
    );
  }
  return path;
}
