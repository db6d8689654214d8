import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../../kernel/failure.ts';
import { type Credential, readCredentialCache } from '../../protocol/kerberos/credential-cache.ts';
import type { ServiceTicket } from '../../protocol/kerberos/kerberos-client.ts';
import { runTool, type ToolLimits } from './run-tool.ts';
import { failureOfTool } from './tool-failure.ts';

/** Where the ticket that all others are bought with comes from. */
export type TicketOrigin =
  /** A credential cache that somebody else keeps; null means the one of KRB5CCNAME. It is read, never written. */
  | { readonly kind: 'cache'; readonly file: string | null }
  | { readonly kind: 'keytab'; readonly file: string; readonly principal: string }
  | { readonly kind: 'password'; readonly principal: string; readonly password: () => Promise<string> | string };

/** Tickets with less time than this are not used any more. */
const shortestLifeMs = 5 * 60_000;

/**
 * Takes service tickets by the system's Kerberos tools and keeps them until they run out. Caches that the tools write lie in a private
 * folder for as long as the tools work, passwords go by standard input only.
 */
export class TicketKeeper {
  readonly #tickets = new Map<string, Promise<Credential & { readonly clockOffsetMs: number }>>();

  /**
   * A ticket for a service, e.g. `HTTP/web01.example.com`.
   * @throws Failure `unauthenticated`, `unreachable` (no KDC) or `clock-skew`; or the signal's reason
   */
  async ticket(service: string, origin: TicketOrigin, limits: ToolLimits): Promise<ServiceTicket> {
    const name = await nameOf(service, origin);
    for (;;) {
      const kept = this.#tickets.get(name);
      const taking = kept ?? this.#take(name, service, origin, limits);
      try {
        const ticket = await taking;
        if (!kept || ticket.endsAtMs - Date.now() > shortestLifeMs) return ticket;
      } catch (error) {
        // Somebody else's attempt says nothing about ours: its signal or its limit may have ended it.
        if (!kept) throw error;
      }
      if (this.#tickets.get(name) === kept) this.#tickets.delete(name);
    }
  }

  /** Forgets the tickets for a service: the host did not take one. */
  forget(service: string): void {
    for (const name of this.#tickets.keys()) if (name.startsWith(`${service}\n`)) this.#tickets.delete(name);
  }

  #take(name: string, service: string, origin: TicketOrigin, limits: ToolLimits) {
    const taking = takeTicket(service, origin, limits);
    this.#tickets.set(name, taking);
    taking.catch(() => {
      if (this.#tickets.get(name) === taking) this.#tickets.delete(name);
    });
    return taking;
  }
}

/** Who holds another password gets no ticket that was taken with the right one: the hash of it belongs to the name. */
async function nameOf(service: string, origin: TicketOrigin): Promise<string> {
  const { kind } = origin;
  if (kind === 'cache') return [service, kind, origin.file ?? ''].join('\n');
  if (kind === 'keytab') return [service, kind, origin.principal, origin.file].join('\n');
  const hash = createHash('sha256')
    .update(await origin.password())
    .digest('hex');
  return [service, kind, origin.principal, hash].join('\n');
}

async function takeTicket(service: string, origin: TicketOrigin, limits: ToolLimits) {
  const found = origin.kind === 'cache' ? await lookIntoCache(cacheFile(origin.file), service) : undefined;
  if (found) return found;
  const folder = await mkdtemp(join(tmpdir(), 'kintsugi-krb5-'));
  try {
    const cache = join(folder, 'cache');
    if (origin.kind === 'cache') await copyFile(cacheFile(origin.file), cache);
    else await takeFirstTicket(cache, origin, limits);
    const bought = await runTool('kvno', { args: ['-q', '-c', `FILE:${cache}`, '--', service], ...limits });
    if (!bought.ok) throw failureOfTool(bought.said, service);
    const ticket = await lookIntoCache(cache, service);
    if (!ticket)
      throw new Failure('unauthenticated', `kvno ended well but left no ticket for ${service} in its cache.`);
    return ticket;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function takeFirstTicket(
  cache: string,
  origin: Exclude<TicketOrigin, { kind: 'cache' }>,
  limits: ToolLimits,
): Promise<void> {
  const into = ['-c', `FILE:${cache}`];
  const end =
    origin.kind === 'keytab'
      ? await runTool('kinit', { args: [...into, '-k', '-t', origin.file, '--', origin.principal], ...limits })
      : await runTool('kinit', {
          args: [...into, '--', origin.principal],
          input: `${await origin.password()}\n`,
          ...limits,
        });
  if (!end.ok) throw failureOfTool(end.said, origin.principal);
}

/** The ticket for a service that lies in a cache and has time left. */
async function lookIntoCache(
  file: string,
  service: string,
): Promise<(Credential & { clockOffsetMs: number }) | undefined> {
  const { credentials, clockOffsetMs } = readCredentialCache(await readCacheFile(file));
  const wanted = service.toLowerCase();
  const found = credentials.findLast(
    ({ server, endsAtMs }) =>
      server.components.join('/').toLowerCase() === wanted && endsAtMs - Date.now() > shortestLifeMs,
  );
  return found && { ...found, clockOffsetMs };
}

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
