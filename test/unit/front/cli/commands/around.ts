import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CliServices, Installation } from '../../../../../src/front/cli/services.ts';
import type { JournalEvent } from '../../../../../src/journal/event.ts';
import { emptyHead, sealEvent } from '../../../../../src/journal/hash-chain.ts';
import type { PreparedPlan } from '../../../../../src/operations/prepare-plan.ts';
import type { RunStatus } from '../../../../../src/operations/status.ts';
import { describePlan } from '../../../../../src/planning/describe-plan.ts';
import { planRun } from '../../../../../src/planning/plan-run.ts';
import type { RunReport } from '../../../../../src/report/run-report.ts';
import { valueOf } from '../../../input/fixture-library.ts';
import { smallRequest } from '../../../planning/small-plan.ts';
import { fakeInstallation } from '../fake-services.ts';

/** A plan of the small playbook for three hosts, two of which have the same values. */
function prepared(): PreparedPlan {
  const { plan, digest, blobs } = valueOf(planRun(smallRequest({ hosts: ['w1', 'w3', 's1'] })));
  return { plan, digest, blobs, description: describePlan(plan), connections: [] };
}

/** The only event of the run. */
export const event: JournalEvent = sealEvent({ run: 'r1', host: 'w1' }, emptyHead, 0, {
  kind: 'stepBegun',
  data: { step: 'setValue', attempt: 1 },
});

/** Services around one run with this report and a home of their own that ends with the test; what is asked of them is noted. */
export function around(report: RunReport, more: Partial<Installation> = {}, alone: Partial<CliServices> = {}) {
  const home = mkdtempSync(join(tmpdir(), 'kintsugi-cli-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const asked: string[] = [];
  const note = (what: string) => async (): Promise<void> => void asked.push(what);
  const status: RunStatus = {
    run: 'r1',
    playbook: report.playbook,
    launchedBy: 'ops',
    launchedAt: report.launchedAt,
    state: 'running',
    hosts: report.hosts.map(({ host, end }) => ({
      host,
      last: 'stepBegun',
      lastAt: null,
      step: 'setValue',
      heldUntil: null,
      end,
    })),
    refusals: [],
  };
  const installation = fakeInstallation({
    launch: async (_plan, ticket) => {
      asked.push(`launch ${ticket}`);
      return 'r1';
    },
    requireWorkers: async (count) => void asked.push(`workers ${count}`),
    follow: async (run, host, untilEnd, onEvent) => {
      asked.push(`follow ${run} ${host} ${untilEnd}`);
      onEvent(event);
    },
    statuses: async () => [status],
    status: async () => status,
    report: async () => report,
    cancel: async (_run, mode) => void asked.push(`cancel ${mode}`),
    rollBack: note('rollback'),
    commit: note('commit'),
    [Symbol.asyncDispose]: note('closed'),
    ...more,
  });
  const services: Partial<CliServices> = {
    home,
    prepare: async (inputs) => {
      asked.push(`prepare ${inputs.playbook} ${inputs.hosts} ${inputs.params.join(',')} ${inputs.budgets.rolledBack}`);
      return prepared();
    },
    connect: async () => installation,
    ...alone,
  };
  return { asked, services, status, home };
}
