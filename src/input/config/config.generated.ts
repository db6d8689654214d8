// Made from schemas/config.schema.json by scripts/generate.ts; change that, then run `npm run generate`.
import type { Duration } from '../document/words.generated.ts';

/** `kintsugi.yaml` in the project folder. All of it can be left out. */
export type ConfigDocument = {
  /** The name and version of the format. */
  readonly kintsugi: 'config/v1';
  /** The language of help, summaries and reports; that of the locale where it is left out. KINTSUGI_LANG overrides it. */
  readonly language?: 'en' | 'ja';
  /** The folder for Kintsugi's own files; `.kintsugi` where it is left out. KINTSUGI_HOME overrides it. */
  readonly home?: string;
  /** The inventory that is taken where `-i` names none; `inventory.yaml` where it is left out. KINTSUGI_INVENTORY overrides it. */
  readonly inventory?: string;
  /** Where Redis is. Left out, a private one is started. KINTSUGI_REDIS_URL overrides it. */
  readonly redis?: {
    /** `redis://`, `rediss://` or `unix://` without a password, or a reference (`env:NAME`, `file:path`) to the whole address. */
    readonly url: string;
  };
  /** The folder of the installation key and of further trusted keys; `keys` below the home where it is left out. KINTSUGI_KEYS overrides it. */
  readonly keys?: string;
  /** Host runs that one worker process carries at the same time; 20 where it is left out. KINTSUGI_CONCURRENCY overrides it. */
  readonly concurrency?: number;
  /** Time until set-aside folders, captures and shadow copies of ours are removed; 14d where it is left out. KINTSUGI_COMMIT_AFTER overrides it. */
  readonly commitAfter?: Duration;
  /** Limits and intervals. */
  readonly times?: {
    /** Life of a queueing lease without a heartbeat; 30s. KINTSUGI_LEASE overrides it. */
    readonly lease?: Duration;
    /** Interval of heartbeats, less than half of the lease; 10s. KINTSUGI_HEARTBEAT overrides it. */
    readonly heartbeat?: Duration;
    /** Interval at which work of the system lane is asked after; 5s. KINTSUGI_POLL overrides it. */
    readonly poll?: Duration;
    /** Interval at which host runs without a lease are looked for; 15s. KINTSUGI_SWEEP overrides it. */
    readonly sweep?: Duration;
    /** Longest time to connect; 30s. KINTSUGI_CONNECT overrides it. */
    readonly connect?: Duration;
    /** Longest time until a host is back after a restart; 30m. KINTSUGI_REBOOT overrides it. */
    readonly reboot?: Duration;
  };
};
