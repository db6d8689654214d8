/** The hash tag that all keys share, so that a Redis Cluster keeps them on one node; also the prefix of the queues. */
export const hashTag = '{kintsugi}';

/** Key of a text by its hash. */
export const blobKey = (sha256: string): string => `${hashTag}:blob:${sha256}`;

/** Key of a run's signed launch. */
export const launchKey = (run: string): string => `${hashTag}:launch:${run}`;

/** Key of the list of a run's signed orders. */
export const ordersKey = (run: string): string => `${hashTag}:orders:${run}`;

/** Key of the ends of a run by host. */
export const endsKey = (run: string): string => `${hashTag}:ends:${run}`;

/** Key of the machines of a run: id → host. */
export const machinesKey = (run: string): string => `${hashTag}:machines:${run}`;

/** Key of all runs by the time of their launch. */
export const runsKey = `${hashTag}:runs`;

/** Key of all that is not ended (`run/host`, and `run/*` for the run itself) by the time at which it is due. */
export const openKey = `${hashTag}:open`;

/** Key of a lease on a host run (or, with `*`, on the run itself); the journal checks it at every append. */
export const leaseKey = (run: string, host: string): string => `${hashTag}:lease:${run}:${host}`;

/** Key of the queueing lease of a machine. */
export const machineKey = (machineId: string): string => `${hashTag}:machine:${machineId}`;

/** Key of the number of the last lease under a key. */
export const fenceKey = (key: string): string => `${key}:fence`;
