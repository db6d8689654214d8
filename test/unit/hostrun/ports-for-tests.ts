import { defaultLimits } from '../../../src/hostrun/limits.ts';
import type { HostRunPorts } from '../../../src/hostrun/ports.ts';
import { Failure } from '../../../src/kernel/failure.ts';
import type { Plan } from '../../../src/planning/plan.ts';

/** Ports that reach nothing; a test replaces what it needs. */
export function portsForTests(plan: Plan, overrides: Partial<HostRunPorts> = {}): HostRunPorts {
  return {
    plan,
    host: plan.hosts[0]?.id ?? '',
    run: 'run-1',
    worker: 'worker-1',
    limits: defaultLimits,
    journal: {
      read: async () => [],
      append: async () => {
        throw new Failure('journal-unavailable', 'no journal in this test');
      },
      head: () => '',
    },
    open: async () => {
      throw new Failure('unreachable', 'no host in this test');
    },
    password: 'env:PASSWORD',
    script: (sha256) => `# ${sha256}`,
    secret: async (reference) => `value of ${reference}`,
    orders: async () => ({ cancel: null, withheld: null, later: [] }),
    machine: { sameMachineAs: async () => null, take: async () => ({ kind: 'taken' }), give: async () => undefined },
    pacing: { now: () => 0, sleep: async () => undefined },
    nonce: () => 'nonce',
    holdMs: 0,
    heedMs: 1,
    signal: new AbortController().signal,
    ...overrides,
  };
}
