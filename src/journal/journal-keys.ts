/** The hash tag that all keys share, so that a Redis Cluster keeps them on one node. */
const hashTag = '{kintsugi}';

/** Key of a chain's stream. */
export const streamKey = (run: string, host: string): string => `${hashTag}:journal:${run}:${host}`;

/** Key of a chain's head. */
export const headKey = (run: string, host: string): string => `${hashTag}:head:${run}:${host}`;

/** Key of a chain's lease: its value is `fence:holder`. */
export const leaseKey = (run: string, host: string): string => `${hashTag}:lease:${run}:${host}`;

/** Key of the set of a run's chains. */
export const chainsKey = (run: string): string => `${hashTag}:chains:${run}`;
