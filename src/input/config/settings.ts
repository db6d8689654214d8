import type { Secret } from '../../kernel/secret.ts';

/** The configuration with every default filled in; paths are absolute. */
export type Settings = {
  /** Where Kintsugi keeps its own files (keys, reports, private Redis). */
  readonly home: string;
  /** The inventory that is taken where `-i` names none. */
  readonly inventory: string;
  /** Language of summaries and reports. */
  readonly language: 'en' | 'ja';
  /** Where Redis is; null for a private one below `home`. Its password is part of it, hence a secret. */
  readonly redisUrl: Secret | null;
  /** Folder of the installation key and of further trusted keys. */
  readonly keyFolder: string;
  /** Host runs that one worker process carries at the same time. */
  readonly concurrency: number;
  /** Days until set-aside folders, captures and shadow copies of ours are removed. */
  readonly commitAfterMs: number;
  readonly times: {
    /** Life of a queueing lease without a heartbeat. */
    readonly leaseMs: number;
    readonly heartbeatMs: number;
    /** Interval at which work of the system lane is asked after. */
    readonly pollMs: number;
    /** Interval at which host runs without a lease are looked for. */
    readonly sweepMs: number;
    readonly connectMs: number;
    /** Longest time until a host is back after a restart. */
    readonly rebootMs: number;
  };
};
