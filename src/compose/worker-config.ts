import { defaultLimits, type HostRunLimits } from '../hostrun/limits.ts';
import type { RedisAddress } from '../queue/connect-redis.ts';
import { defaultTimes, type WorkerTimes } from './workshop.ts';

/** What a worker process is told at its start; plain JSON, handed over on its standard input. */
export type WorkerConfig = {
  readonly name: string;
  readonly redis: RedisAddress;
  /** Public keys (PEM) whose signatures count. */
  readonly trustedKeys: readonly string[];
  /** Host runs at the same time. */
  readonly concurrency: number;
  readonly times: WorkerTimes;
  readonly limits: HostRunLimits;
  /** Folder of the journals of ended runs. */
  readonly archiveFolder: string;
  /** Longest time until a host's endpoint answers, milliseconds. */
  readonly connectMs: number;
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info';
  /** Folder in which relative `file:` references are looked up. */
  readonly secretFolder: string;
};

/** What must be said about a worker; all else has defaults for real hosts. */
export type WorkerConfigInput = Pick<WorkerConfig, 'redis' | 'trustedKeys' | 'archiveFolder'> &
  Partial<Omit<WorkerConfig, 'times' | 'limits'>> & {
    readonly times?: Partial<WorkerTimes>;
    readonly limits?: Partial<HostRunLimits>;
  };

/** A whole configuration out of what was said. */
export function workerConfig(input: WorkerConfigInput): WorkerConfig {
  return {
    name: `worker-${process.pid}`,
    concurrency: 8,
    connectMs: 15_000,
    logLevel: 'info',
    secretFolder: process.cwd(),
    ...input,
    times: { ...defaultTimes, ...input.times },
    limits: { ...defaultLimits, ...input.limits },
  };
}

/** Times and limits for labs and demos, where hosts skip their waits: leases and polls in fractions of a second. */
export const labPace: { readonly times: Partial<WorkerTimes>; readonly limits: Partial<HostRunLimits> } = {
  times: { leaseMs: 6_000, heartbeatMs: 1_000, sweepMs: 1_000, lockMs: 10_000, stalledMs: 3_000, heedMs: 200 },
  limits: {
    retryMs: 500,
    pollMs: 200,
    pollMaxMs: 2_000,
    claimRetryMs: 1_000,
    rebootPollMs: 1_000,
    rebootRefusedMs: 2_000,
    rebootDelayMs: 1_000,
  },
};
