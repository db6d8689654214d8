import { pino } from 'pino';
import type { WorkerConfig } from './worker-config.ts';
import type { Log } from './workshop.ts';

/** A log as JSON lines on standard error. */
export function processLog(level: WorkerConfig['logLevel'], name: string): Log {
  const logger = pino({ level, name }, pino.destination(2));
  return (severity, facts, text) => logger[severity](facts, text);
}
