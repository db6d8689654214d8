/**
 * A process of its own that holds a private Redis: it starts the server, says `ready` (or `shared`, where one runs already on this
 * data), and ends it when its standard input ends, which it does however its parent ends.
 * Arguments: server program, data folder, socket path.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** How long the server may take to answer, and to end before it is killed; milliseconds. */
const startLimitMs = 20_000;
const endLimitMs = 20_000;
/** Interval at which a server whose starter has ended is asked whether anybody still uses it. */
const unusedPollMs = 300;

const [server = '', folder = '', socket = ''] = process.argv.slice(2);

/** Two servers on one data folder would spoil it: whoever listens on this socket may start one. */
async function takeLock(path: string): Promise<Server | null> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const lock = createServer((visitor) => visitor.end());
    const taken = await new Promise<boolean>((resolve) => {
      lock.once('error', () => resolve(false));
      lock.listen(path, () => resolve(true));
    });
    if (taken) return lock;
    if (await answers(path)) return null;
    // Left over by a process that was killed.
    rmSync(path, { force: true });
  }
  return null;
}

async function answers(path: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const visitor = createConnection(path);
    visitor.once('connect', () => {
      visitor.destroy();
      resolve(true);
    });
    visitor.once('error', () => resolve(false));
  });
}

/** Whether Redis answers a PING: it listens before it has read its data. */
async function pongs(path: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const visitor = createConnection(path);
    visitor.once('error', () => resolve(false));
    visitor.once('connect', () => visitor.write('PING\r\n'));
    visitor.once('data', (reply) => {
      visitor.destroy();
      resolve(reply.toString().startsWith('+PONG'));
    });
  });
}

/**
 * Ends a server whose keeper was killed: two servers on one data folder would spoil it. Its data is kept, and its clients come back
 * to the next one.
 * @returns false where it does not end
 */
async function endOrphan(path: string): Promise<boolean> {
  for (let passedMs = 0; passedMs < endLimitMs; passedMs += unusedPollMs) {
    if (!(await answers(path))) return true;
    // Refused while it still reads its data; then it is asked again.
    const visitor = createConnection(path);
    visitor.once('error', () => undefined);
    visitor.once('connect', () => visitor.write('SHUTDOWN\r\n'));
    await delay(unusedPollMs);
    visitor.destroy();
  }
  return !(await answers(path));
}

function startServer(): ChildProcess {
  const settings = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    dir: folder,
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    logfile: join(folder, 'redis.log'),
    daemonize: 'no',
    'maxmemory-policy': 'noeviction',
  };
  const given = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  return spawn(server, given, { stdio: 'ignore' });
}

async function endServer(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const patience = new AbortController();
  await Promise.race([
    ended,
    delay(endLimitMs, undefined, { signal: patience.signal }).then(
      () => child.kill('SIGKILL'),
      () => undefined,
    ),
  ]);
  patience.abort();
  await ended;
}

/** How many clients are connected, this question's own left out; 0 where the server does not answer. */
async function otherClients(path: string): Promise<number> {
  return await new Promise((resolve) => {
    const visitor = createConnection(path);
    let reply = '';
    visitor.once('error', () => resolve(0));
    visitor.once('connect', () => visitor.write('CLIENT LIST\r\nQUIT\r\n'));
    visitor.on('data', (chunk) => {
      reply += chunk.toString();
    });
    visitor.once('close', () => resolve(Math.max(0, (reply.match(/^id=\d+ /gm) ?? []).length - 1)));
  });
}

async function untilUnused(path: string): Promise<void> {
  while ((await otherClients(path)) > 0) await delay(unusedPollMs);
}

async function untilReady(path: string, stopped: () => boolean): Promise<boolean> {
  for (let passedMs = 0; passedMs < startLimitMs && !stopped(); passedMs += 50) {
    if (await pongs(path)) return true;
    await delay(50);
  }
  return false;
}

async function keep(): Promise<void> {
  const lock = await takeLock(join(dirname(socket), 'keeper.sock'));
  if (lock === null) {
    process.stdout.write(
      (await untilReady(socket, () => false)) ? 'shared\n' : 'another process holds the data folder\n',
    );
    process.exit(0);
  }
  if (!(await endOrphan(socket))) {
    process.stdout.write('a server that was left behind holds the data folder and does not end\n');
    process.exit(0);
  }
  const child = startServer();
  let gone = false;
  child.once('exit', () => {
    gone = true;
  });
  child.once('error', () => {
    gone = true;
  });
  const parentEnded = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
    process.stdin.resume();
  });
  // A Ctrl-C in a terminal reaches the whole group; the server ends when the parent does, not before.
  process.on('SIGINT', () => undefined);
  process.on('SIGHUP', () => undefined);
  const terminated = new Promise<void>((resolve) => process.once('SIGTERM', () => resolve()));
  const serverGone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  process.stdout.write((await untilReady(socket, () => gone)) ? 'ready\n' : 'the server ended or does not answer\n');
  await Promise.race([parentEnded, terminated, serverGone]);
  // Others of this user may share the server (a worker that goes on alone): it ends with the last of them.
  await Promise.race([untilUnused(socket), terminated, serverGone]);
  await endServer(child);
  rmSync(join(dirname(socket), 'keeper.sock'), { force: true });
  process.exit(0);
}

await keep();
