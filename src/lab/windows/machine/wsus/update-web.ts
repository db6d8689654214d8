import type { Machine } from '../machine.ts';
import { writePoolEvent } from '../web/web-events.ts';

/**
 * What happens when the pool of the update server is asked for work that it cannot carry: its worker reaches the limit of memory again and
 * again until Windows disables the pool, or the queue is full.
 * @returns whether the request is refused (503)
 */
export const overloads = (machine: Machine, pool: string): boolean => {
  if (pool !== 'WsusPool' || !machine.wsus.isInstalled) return false;
  const overload = machine.wsus.poolOverload();
  if (overload === undefined) return false;
  if (overload === 'memory') {
    writePoolEvent(machine, 5117, pool);
    machine.web.disablePool(pool, 5002);
  }
  return true;
};
