/**
 * A worker as a process of its own. Its configuration comes as one line of JSON on standard input; when that ends (its parent ended)
 * or on SIGTERM it stops gracefully. It says `ready` when it takes work.
 */
import { createInterface } from 'node:readline';
import { openConnections } from './open-connection.ts';
import { processLog } from './process-log.ts';
import { startWorker } from './worker.ts';
import type { WorkerConfig } from './worker-config.ts';

const lines = createInterface({ input: process.stdin });
const parentEnded = new Promise<void>((resolve) => lines.once('close', resolve));
const terminated = new Promise<void>((resolve) => process.once('SIGTERM', () => resolve()));
// A Ctrl-C in a terminal reaches the whole group; the parent decides what becomes of its workers.
process.on('SIGINT', () => undefined);

const config = await new Promise<WorkerConfig>((resolve) =>
  lines.once('line', (line) => resolve(JSON.parse(line) as WorkerConfig)),
);
const log = processLog(config.logLevel, config.name);
const worker = startWorker(
  config,
  openConnections(config, (host, text) => log('warn', { host }, text)),
  log,
);
process.stdout.write('ready\n');
await Promise.race([parentEnded, terminated]);
await worker[Symbol.asyncDispose]();
process.exit(0);
