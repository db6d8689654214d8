/**
 * A worker process that kills itself with SIGKILL right after it has written a chosen event of a host run: its journal holds the event,
 * nothing after it was begun. `KINTSUGI_TEST_CRASH` holds `{ host, kind, nth }`. With `KINTSUGI_TEST_FREEZE`, `{ host, kind, step }`, it
 * stops itself with SIGSTOP instead, until somebody lets it continue. Its configuration comes as one line on standard input, as for an
 * ordinary worker.
 */
import { createInterface } from 'node:readline';
import { openConnections } from '../../src/compose/open-connection.ts';
import { processLog } from '../../src/compose/process-log.ts';
import { startWorker } from '../../src/compose/worker.ts';
import type { WorkerConfig } from '../../src/compose/worker-config.ts';
import type { CrashPoint, FreezePoint } from './fleet.ts';

const crash: CrashPoint | null = JSON.parse(process.env['KINTSUGI_TEST_CRASH'] ?? 'null');
let seen = 0;
let freeze: FreezePoint | null = JSON.parse(process.env['KINTSUGI_TEST_FREEZE'] ?? 'null');

const lines = createInterface({ input: process.stdin });
const parentEnded = new Promise<void>((resolve) => lines.once('close', resolve));
const config = await new Promise<WorkerConfig>((resolve) =>
  lines.once('line', (line) => resolve(JSON.parse(line) as WorkerConfig)),
);
startWorker(
  config,
  openConnections(config, () => undefined),
  processLog(config.logLevel, config.name),
  ({ host, kind, data }) => {
    if (crash !== null && host === crash.host && kind === crash.kind && ++seen === crash.nth)
      process.kill(process.pid, 'SIGKILL');
    if (
      freeze !== null &&
      host === freeze.host &&
      kind === freeze.kind &&
      'step' in data &&
      data.step === freeze.step
    ) {
      freeze = null;
      process.kill(process.pid, 'SIGSTOP');
    }
  },
);
process.stdout.write('ready\n');
await parentEnded;
process.exit(0);
