import { Redis } from 'ioredis';

/** Where Redis is: a URL (`redis://`, `rediss://`) or the path of a unix socket. */
export type RedisAddress = { readonly url: string } | { readonly path: string };

/**
 * A connection for stores and leases: a command fails soon while Redis is away, so that its caller decides;
 * the connection comes back by itself.
 */
export function connectRedis(address: RedisAddress): Redis {
  return quiet(open(address, { maxRetriesPerRequest: 1, commandTimeout: 10_000 }));
}

/** A connection for the queues: commands wait until Redis is back. */
export function connectQueueRedis(address: RedisAddress): Redis {
  return quiet(open(address, { maxRetriesPerRequest: null }));
}

function open(address: RedisAddress, options: { maxRetriesPerRequest: number | null; commandTimeout?: number }): Redis {
  const common = { ...options, retryStrategy: (times: number) => Math.min(50 * times, 1_000), lazyConnect: false };
  return 'url' in address ? new Redis(address.url, common) : new Redis({ ...common, path: address.path });
}

/** Every command tells its own failure; the connection's error event would only end the process. */
function quiet(redis: Redis): Redis {
  redis.on('error', () => undefined);
  return redis;
}
