/**
 * A worker process that kills itself: with SIGKILL, right after it has written the event of one host run whose number stands in
 * `KILL_AT` (or a command of the host that it names with `KILL_IN` in the middle of). Its configuration comes as one line on standard input.
 */
import { createInterface } from 'node:readline';
import { openWinRmConnection } from '../../../src/compose/open-winrm-connection.ts';
import { processLog } from '../../../src/compose/process-log.ts';
import { startWorker } from '../../../src/compose/worker.ts';
import type { WorkerConfig } from '../../../src/compose/worker-config.ts';

const killAt = Number(process.env['KILL_AT'] ?? '-1');
const killAfterMs = Number(process.env['KILL_AFTER_MS'] ?? '0');

createInterface({ input: process.stdin }).once('line', (line) => {
  const config: WorkerConfig = JSON.parse(line);
  startWorker(config, openWinRmConnection(config), processLog(config.logLevel, config.name), ({ seq }) => {
    if (seq !== killAt) return;
    // Some milliseconds later the command that the event led to is under way on the host.
    if (killAfterMs === 0) process.kill(process.pid, 'SIGKILL');
    else setTimeout(() => process.kill(process.pid, 'SIGKILL'), killAfterMs);
  });
});
process.stdin.once('end', () => process.exit(0));
