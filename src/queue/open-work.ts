import type { Redis } from 'ioredis';
import { openKey } from './keys.ts';
import { isLeased } from './lease.ts';
import { reachRedis } from './reach-redis.ts';

/** Something that has not ended: a host run, or (host `*`) a run's coordination. */
export type OpenWork = { readonly run: string; readonly host: string };

const nameOf = ({ run, host }: OpenWork): string => `${run}/${host}`;

/** Notes that something is open and when it is due (ms since 1970); whoever finds it overdue and unleased wakes it. */
export async function noteOpen(redis: Redis, work: OpenWork, dueMs: number): Promise<void> {
  await reachRedis(() => redis.zadd(openKey, dueMs, nameOf(work)));
}

/** Whether something is noted as open. */
export async function isOpen(redis: Redis, work: OpenWork): Promise<boolean> {
  return (await reachRedis(() => redis.zscore(openKey, nameOf(work)))) !== null;
}

/** Notes that something has ended. */
export async function noteClosed(redis: Redis, work: OpenWork): Promise<void> {
  await reachRedis(() => redis.zrem(openKey, nameOf(work)));
}

/** Everything that is open, earliest due first. */
export async function listOpen(redis: Redis): Promise<readonly OpenWork[]> {
  return (await reachRedis(() => redis.zrange(openKey, '0', '-1'))).map(workOf);
}

/** What was due before `untilMs` and is leased by nobody: its wake-up got lost, or its worker died. */
export async function findForgotten(redis: Redis, untilMs: number): Promise<readonly OpenWork[]> {
  const due = (await reachRedis(() => redis.zrangebyscore(openKey, '-inf', untilMs))).map(workOf);
  const forgotten: OpenWork[] = [];
  for (const work of due) if (!(await isLeased(redis, work.run, work.host))) forgotten.push(work);
  return forgotten;
}

function workOf(name: string): OpenWork {
  const slash = name.indexOf('/');
  return { run: name.slice(0, slash), host: name.slice(slash + 1) };
}
