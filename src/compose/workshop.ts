import type { Redis } from 'ioredis';
import type { HostRunLimits } from '../hostrun/limits.ts';
import type { OpenHost } from '../hostrun/ports.ts';
import type { Patience } from '../journal/chain-writer.ts';
import type { JournalEvent } from '../journal/event.ts';
import type { JournalStore } from '../journal/journal-store.ts';
import type { HostConnection } from '../planning/plan.ts';
import type { BlobStore, RunStore, WakeUp } from '../queue/run-store.ts';

/** Times of a worker, milliseconds. */
export type WorkerTimes = {
  /** Life of a lease without a heartbeat. */
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  /** Interval at which forgotten host runs are looked for. */
  readonly sweepMs: number;
  /** BullMQ's lock on a wake-up, and the interval at which lost locks are looked for. */
  readonly lockMs: number;
  readonly stalledMs: number;
  /** Pauses of a host run up to this long are waited for in place. */
  readonly holdMs: number;
  /** Interval at which a cancel is looked for while an interruptible step works. */
  readonly heedMs: number;
  /** How long a journal that cannot be written is tried again before the host run is left to another worker. */
  readonly journalLimitMs: number;
  /** Life of a machine's queueing lease beyond the pause of its host run. */
  readonly machineMs: number;
  /** How long journals of ended runs stay in Redis before they are archived to files. */
  readonly keepStreamsMs: number;
};

/** Times for real use; labs and tests take shorter ones. */
export const defaultTimes: WorkerTimes = {
  leaseMs: 30_000,
  heartbeatMs: 5_000,
  sweepMs: 10_000,
  lockMs: 30_000,
  stalledMs: 15_000,
  holdMs: 3_000,
  heedMs: 500,
  journalLimitMs: 30 * 60_000,
  machineMs: 60 * 60_000,
  keepStreamsMs: 30 * 86_400_000,
};

/** Opens a session with a host for the kit whose text is given; the password is resolved by the caller, null where none is needed. */
export type OpenConnection = (
  connection: HostConnection,
  given: {
    readonly password: string | null;
    readonly kitText: string;
    /** Longest duration of any action of the plan, milliseconds. */
    readonly longestMs: number;
  },
) => Promise<OpenHost>;

/** One line of a log; never a secret. */
export type Log = (level: 'info' | 'warn' | 'error', facts: { readonly [name: string]: unknown }, text: string) => void;

/** What a worker works with. */
export type Workshop = {
  readonly name: string;
  readonly redis: Redis;
  readonly journal: JournalStore;
  readonly blobs: BlobStore;
  readonly runs: RunStore;
  readonly wake: WakeUp;
  readonly trustedKeys: readonly string[];
  readonly times: WorkerTimes;
  readonly limits: HostRunLimits;
  readonly patience: Patience;
  readonly openConnection: OpenConnection;
  /** The value behind a reference. @throws Failure `secret-missing` */
  readonly secret: (reference: string) => Promise<string>;
  readonly log: Log;
  /** Told of every event that this worker has written to the journal of a host run or of a run, right after it. */
  readonly onEvent: (event: JournalEvent) => void;
  /** Aborted when the worker is to stop. */
  readonly stopping: AbortSignal;
};
