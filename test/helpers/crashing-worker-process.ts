/**
 * A worker process that kills itself with SIGKILL right after it has written a chosen event of a host run: its journal holds the event,
 * nothing after it was begun. `KINTSUGI_TEST_CRASH` holds `{ host, seq }`. Its configuration comes as one line on standard input, as for an
 * ordinary worker.
 */
import { createInterface } from 'node:readline';
import { openWinRmConnection } from '../../src/compose/open-winrm-connection.ts';
import { processLog } from '../../src/compose/process-log.ts';
import { startWorker } from '../../src/compose/worker.ts';
import type { WorkerConfig } from '../../src/compose/worker-config.ts';
import type { CrashPoint } from './fleet.ts';

const crash: CrashPoint = JSON.parse(process.env['KINTSUGI_TEST_CRASH'] ?? 'null');

const lines = createInterface({ input: process.stdin });
const parentEnded = new Promise<void>((resolve) => lines.once('close', resolve));
const config = await new Promise<WorkerConfig>((resolve) =>
  lines.once('line', (line) => resolve(JSON.parse(line) as WorkerConfig)),
);
startWorker(config, openWinRmConnection(config), processLog(config.logLevel, config.name), ({ host, seq }) => {
  if (host === crash.host && seq >= crash.seq) process.kill(process.pid, 'SIGKILL');
});
process.stdout.write('ready\n');
await parentEnded;
process.exit(0);
