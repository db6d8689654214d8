import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { fenceKey, leaseKey, machineKey } from './keys.ts';
import { reachRedis } from './reach-redis.ts';

const script = (name: string): string => readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');
const takeScript = script('take-lease');
const renewScript = script('renew-lease');
const giveScript = script('give-lease');
const takeMachineScript = script('take-machine');

/** A lease that is held: who holds it and its number. */
export type HeldLease = { readonly holder: string; readonly fence: number };

/** Takes the lease of a host run; null where somebody holds it. */
export async function takeLease(
  redis: Redis,
  chain: { readonly run: string; readonly host: string },
  holder: string,
  lifeMs: number,
): Promise<HeldLease | null> {
  const key = leaseKey(chain.run, chain.host);
  const fence = Number(await reachRedis(() => redis.eval(takeScript, 2, key, fenceKey(key), holder, lifeMs)));
  return fence === 0 ? null : { holder, fence };
}

/** Prolongs a lease; false where somebody else has it. */
export async function renewLease(
  redis: Redis,
  chain: { readonly run: string; readonly host: string },
  { holder, fence }: HeldLease,
  lifeMs: number,
): Promise<boolean> {
  const key = leaseKey(chain.run, chain.host);
  const held = await reachRedis(() => redis.eval(renewScript, 2, key, fenceKey(key), holder, fence, lifeMs));
  return Number(held) === 1;
}

/** Gives a lease free. */
export async function giveLease(
  redis: Redis,
  chain: { readonly run: string; readonly host: string },
  { holder, fence }: HeldLease,
): Promise<void> {
  await reachRedis(() => redis.eval(giveScript, 1, leaseKey(chain.run, chain.host), `${fence}:${holder}`));
}

/** Whether anybody holds the lease of a host run. */
export async function isLeased(redis: Redis, run: string, host: string): Promise<boolean> {
  return (await reachRedis(() => redis.exists(leaseKey(run, host)))) === 1;
}

/** Takes (or prolongs) the queueing lease of a machine for a host run; gives `run/host` of whoever holds it, or null. */
export async function takeMachine(
  redis: Redis,
  machineId: string,
  holder: string,
  lifeMs: number,
): Promise<string | null> {
  const key = machineKey(machineId);
  const other = await reachRedis(() => redis.eval(takeMachineScript, 2, key, fenceKey(key), holder, lifeMs));
  return typeof other === 'string' && other !== '' ? other : null;
}

/** Gives a machine free, if the host run still holds it. */
export async function giveMachine(redis: Redis, machineId: string, holder: string): Promise<void> {
  await reachRedis(() => redis.eval(giveScript, 1, machineKey(machineId), holder));
}

/** Renews a lease until it is stopped; calls `onLost` when somebody else has it. While Redis is away it keeps trying. */
export function keepLease(
  redis: Redis,
  chain: { readonly run: string; readonly host: string },
  lease: HeldLease,
  times: { readonly leaseMs: number; readonly heartbeatMs: number },
  onLost: () => void,
): { readonly stop: () => void } {
  let renewing = false;
  const beat = async (): Promise<void> => {
    if (renewing) return;
    renewing = true;
    try {
      if (!(await renewLease(redis, chain, lease, times.leaseMs))) onLost();
    } catch {
      // Redis is away: nothing can be appended either, so nobody acts on a lease that may be lost.
    } finally {
      renewing = false;
    }
  };
  const timer = setInterval(() => void beat(), times.heartbeatMs);
  return { stop: () => clearInterval(timer) };
}
