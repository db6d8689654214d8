import { setTimeout as delay } from 'node:timers/promises';
import { systemPid } from '../windows/machine/change-feed.ts';
import type { Machine } from '../windows/machine/machine.ts';
import type { DisturbanceSpec, Moment } from './disturbance-spec.ts';

const megabyte = 2 ** 20;

/** What a disturbed host does with a request that comes: it answers, or the answer is lost with its connection. */
export type RequestFate = 'answer' | 'lose';

/** The disturbances of a host under way. */
export type Disturbances = {
  /** Called with each request before it is answered. */
  readonly onRequest: () => Promise<RequestFate>;
};

type Timed = Exclude<DisturbanceSpec, { kind: 'slow' }>;

/**
 * Lets things happen to a machine at their moments, each once.
 * @param cut breaks all connections to the machine
 * @param wait waits so many ms of real time
 */
export function disturb(
  machine: Machine,
  specs: readonly DisturbanceSpec[],
  cut: () => void,
  wait: (ms: number) => Promise<void> = (ms) => delay(ms, undefined, { ref: false }),
): Disturbances {
  const timed = specs.filter((spec): spec is Timed => spec.kind !== 'slow');
  const slowMs = specs.reduce((most, spec) => (spec.kind === 'slow' ? Math.max(most, spec.ms) : most), 0);
  const due = (count: number, of: 'change' | 'request'): readonly Timed[] =>
    timed.filter(({ at }) => momentOf(at, of) === count);
  let changes = 0;
  let requests = 0;
  machine.changes.observe(({ pid }) => {
    if (pid === systemPid) return undefined;
    changes++;
    const now = due(changes, 'change');
    if (now.length === 0) return undefined;
    // The script that made the change is held until all of it has happened.
    return Promise.resolve().then(() => {
      for (const spec of now) {
        if (spec.kind === 'connection-cut') cut();
        else happen(machine, spec);
      }
    });
  });
  return {
    async onRequest() {
      requests++;
      const now = due(requests, 'request');
      if (slowMs > 0) await wait(slowMs);
      for (const spec of now) if (spec.kind !== 'connection-cut') happen(machine, spec);
      return now.some(({ kind }) => kind === 'connection-cut') ? 'lose' : 'answer';
    },
  };
}

const momentOf = (at: Moment, of: 'change' | 'request'): number | undefined => {
  if (of === 'change') return 'change' in at ? at.change : undefined;
  return 'request' in at ? at.request : undefined;
};

function happen(machine: Machine, spec: Exclude<Timed, { kind: 'connection-cut' }>): void {
  switch (spec.kind) {
    case 'restart':
      machine.power.restart();
      return;
    case 'no-return':
      machine.power.returns = false;
      machine.power.restart();
      return;
    case 'disk-filled': {
      const volume = machine.files.volume('C:');
      volume.otherBytes += Math.max(0, machine.files.freeBytes('C:') - (spec.freeMB ?? 0) * megabyte);
      return;
    }
  }
}
