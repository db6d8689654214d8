import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Failure } from '../kernel/failure.ts';
import type { RedisAddress } from '../queue/connect-redis.ts';
import { installCommand } from './install-command.ts';
import { siblingModule } from './sibling-module.ts';

/** A Redis that this process may use. */
export interface ReachableRedis extends AsyncDisposable {
  readonly address: RedisAddress;
  /** Whether it was started for this process, and ends with it. */
  readonly own: boolean;
}

/** Longest path of a unix socket on Linux and macOS. */
const longestSocketPath = 100;

/**
 * The Redis to use: the one of `url` where given, else a private one below `folder`: append-only file, unix socket in a folder that
 * only this user can enter, no TCP, ended with this process even where that is killed, data kept. A private one that
 * another process of this user has running is shared.
 * @throws Failure `redis-missing` where no `redis-server` is on the PATH, `redis-unavailable` where it does not start
 */
export async function reachOrStartRedis(options: {
  readonly url: string | null;
  readonly folder: string;
}): Promise<ReachableRedis> {
  if (options.url !== null)
    return { address: { url: options.url }, own: false, [Symbol.asyncDispose]: async () => undefined };
  const server = findServer();
  const dataFolder = privateFolder(options.folder);
  const socket = socketPath(dataFolder);
  const keeper = spawn(
    process.execPath,
    [siblingModule(import.meta.url, 'redis-keeper'), server, dataFolder, socket],
    // A group of its own: a Ctrl-C for this process must not reach the server that others share.
    { stdio: ['pipe', 'pipe', 'pipe'], detached: true },
  );
  const said = await firstLine(keeper);
  const address = { path: socket };
  if (said === 'shared') return { address, own: false, [Symbol.asyncDispose]: async () => undefined };
  if (said !== 'ready')
    throw new Failure(
      'redis-unavailable',
      `The private Redis did not start: ${said}. Its log is ${join(dataFolder, 'redis.log')}.`,
    );
  // The keeper must not hold this process; it ends when its standard input does.
  keeper.unref();
  return { address, own: true, [Symbol.asyncDispose]: () => endKeeper(keeper) };
}

/** Path of the redis-server on the PATH. @throws Failure `redis-missing` */
function findServer(): string {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'redis-server');
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not in this folder
    }
  }
  throw new Failure(
    'redis-missing',
    `No redis-server is on the PATH. Install it with \`${installCommand()}\`, or set KINTSUGI_REDIS_URL to a Redis that you have.`,
  );
}

function privateFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** The socket lies beside the data, or (where that path is too long for a socket) in a folder of this user's own below the temporary one. */
function socketPath(dataFolder: string): string {
  const beside = join(dataFolder, 'socket');
  const short = join(
    tmpdir(),
    `kintsugi-${process.getuid?.() ?? 0}-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 12)}`,
  );
  const folder = join(beside, 'redis.sock').length <= longestSocketPath ? beside : short;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0)
    throw new Failure(
      'redis-unavailable',
      `${folder} must be a folder that only you can enter (mode 0700); remove it and try again.`,
    );
  return join(folder, 'redis.sock');
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  return await new Promise<string>((resolve, reject) => {
    child.once('error', (error) =>
      reject(new Failure('redis-unavailable', 'The private Redis did not start.', { cause: error })),
    );
    child.once('exit', () => resolve(text.trim() === '' ? complaint.trim() || 'it ended at once' : text.trim()));
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')).trim());
    });
  });
}

/** The keeper is told that this process is done with the server; it ends the server as soon as nobody else uses it. */
async function endKeeper(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null || keeper.signalCode !== null) return;
  keeper.stdin?.end();
  keeper.stdout?.destroy();
  keeper.stderr?.destroy();
}
