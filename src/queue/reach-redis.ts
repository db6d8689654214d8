import { Failure } from '../kernel/failure.ts';

/** Asks Redis. @throws Failure `redis-unavailable` for whatever keeps it from answering */
export async function reachRedis<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('redis-unavailable', 'Redis does not answer. Start it again; work goes on by itself.', {
      cause: error,
    });
  }
}
