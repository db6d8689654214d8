import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../src/lab/windows/machine/change-feed.ts';
import { takeSnapshot } from '../../src/lab/windows/machine/snapshot.ts';
import { connectRedis, type RedisAddress } from '../../src/queue/connect-redis.ts';
import type { HostWatch } from './lab-host-watch.ts';

/** A form in which a secret could lie somewhere, as bytes. */
type SecretForm = { readonly name: string; readonly bytes: Buffer };

/** The part of a base64 text that does not depend on what stands before (`offset` bytes, modulo 3) and behind the value. */
function base64Core(value: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), value]).toString('base64');
  const first = offset === 0 ? 0 : offset + 1;
  const whole = Math.floor((offset + value.length) / 3) * 4;
  return text.slice(first, whole);
}

/** Every form in which the value is looked for: as it is, as in JSON, in UTF-16, and in base64 of both at each of the three alignments. */
export function formsOf(value: string): readonly SecretForm[] {
  const [narrow, wide] = [Buffer.from(value, 'utf8'), Buffer.from(value, 'utf16le')];
  const texts: (readonly [string, string])[] = [
    ['clear', value],
    ['JSON', JSON.stringify(value).slice(1, -1)],
    ...[0, 1, 2].flatMap((offset): (readonly [string, string])[] => [
      [`base64 at ${offset}`, base64Core(narrow, offset)],
      [`base64 of UTF-16 at ${offset}`, base64Core(wide, offset)],
    ]),
  ];
  return texts.flatMap(([name, text]) => [
    { name, bytes: Buffer.from(text, 'utf8') },
    { name: `${name}, in UTF-16`, bytes: Buffer.from(text, 'utf16le') },
  ]);
}

/** Looks for secrets and notes where it found one; counts what it has seen, so that nobody trusts an empty scan. */
export class SecretScan {
  readonly #forms: readonly (SecretForm & { readonly secret: string })[];
  readonly #found = new Set<string>();
  readonly #seen = new Map<string, number>();

  /** @param secrets values by the names under which they are reported */
  constructor(secrets: { readonly [name: string]: string }) {
    this.#forms = Object.entries(secrets).flatMap(([secret, value]) =>
      formsOf(value).map((form) => ({ ...form, secret })),
    );
  }

  /** `place: secret (form)` of everything that was found. */
  get found(): readonly string[] {
    return [...this.#found];
  }

  /** How many texts of each kind of place were looked at. */
  get seen(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#seen);
  }

  /** Looks at one text or at some bytes. `kind` is what it is counted under, `place` what a finding names. */
  look(kind: string, place: string, content: string | Uint8Array): void {
    this.#seen.set(kind, (this.#seen.get(kind) ?? 0) + 1);
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : Buffer.from(content);
    for (const { secret, name, bytes: form } of this.#forms)
      if (bytes.includes(form)) this.#found.add(`${kind} ${place}: ${secret} (${name})`);
  }

  /** All files below a folder of this machine. */
  lookAtFolder(kind: string, folder: string): void {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) {
        const path = join(entry.parentPath, entry.name);
        this.look(kind, path, readFileSync(path));
      }
  }

  /** Command lines of all processes of this machine. */
  lookAtProcesses(): void {
    for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        this.look('process', id, readFileSync(`/proc/${id}/cmdline`));
      } catch {
        // It has ended meanwhile.
      }
    }
  }

  /** Every key of a Redis, whatever its type. */
  async lookAtRedis(address: RedisAddress): Promise<void> {
    const redis = connectRedis(address);
    const keys = await redis.keys('*');
    for (const key of keys) {
      this.look('Redis key', 'name', key);
      const content = await contentOf(redis, key, await redis.type(key));
      this.look('Redis key', key, content);
    }
    redis.disconnect();
  }

  /** The whole state of a lab host: files, registry, services, tasks, event logs, processes. */
  lookAtHost({ name, machine }: HostWatch): void {
    for (const [path, text] of takeSnapshot(machine).entries) {
      this.look('host state', `${name} ${path}`, text);
      if (!path.startsWith('file:')) continue;
      const node = machine.files.find(path.slice('file:'.length));
      if (node?.bytes !== undefined) this.look('host file', `${name} ${path}`, node.bytes);
    }
    for (const log of machine.events.names())
      for (const record of machine.events.records(log) ?? [])
        this.look('host event', `${name} ${log}`, JSON.stringify(record));
    this.#lookAtHostProcesses(name, machine);
  }

  /** From now on looks at every change of a lab host right when it is made: what was written, and the process list of that moment. */
  watch({ name, machine }: HostWatch): void {
    machine.changes.observe((change: Change) => {
      const { kind, target } = change;
      this.look(
        'host change',
        `${name} ${kind} ${target}`,
        JSON.stringify([target, change.before, change.after]) ?? '',
      );
      const node = kind.startsWith('file.') ? machine.files.find(target) : undefined;
      if (node?.bytes !== undefined) this.look('host file', `${name} ${target} (${kind})`, node.bytes);
      this.#lookAtHostProcesses(name, machine);
    });
  }

  #lookAtHostProcesses(name: string, machine: HostWatch['machine']): void {
    for (const { pid, commandLine } of machine.processes.all())
      this.look('host process', `${name} ${pid}`, commandLine);
  }
}

async function contentOf(redis: ReturnType<typeof connectRedis>, key: string, type: string): Promise<string> {
  switch (type) {
    case 'string':
      return (await redis.get(key)) ?? '';
    case 'hash':
      return Object.entries(await redis.hgetall(key))
        .flat()
        .join('\n');
    case 'list':
      return (await redis.lrange(key, 0, -1)).join('\n');
    case 'set':
      return (await redis.smembers(key)).join('\n');
    case 'zset':
      return (await redis.zrange(key, '0', '-1')).join('\n');
    case 'stream':
      return JSON.stringify(await redis.xrange(key, '-', '+'));
    default:
      throw new Error(`the scan does not know Redis type ${type} of ${key}`);
  }
}
