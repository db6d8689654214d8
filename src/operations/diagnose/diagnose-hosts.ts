import { matchesBuild } from '../../hostrun/host-fitness.ts';
import type { HostFacts } from '../../kernel/host-facts.ts';
import { evaluateWhen } from '../../planning/condition.ts';
import { type ProbeTools, probeHosts } from '../probe.ts';
import type { HostProbe } from '../probe-state.ts';
import { changeSince, type DiagnosisChange, type DiagnosisStore } from './compare-diagnoses.ts';
import { type Complaint, type Judgement, judgeCauses } from './judge-causes.ts';
import type { PreparedDiagnosis } from './prepare-diagnosis.ts';

/** What was found out about a host; `fault` tells why it could not be asked. */
export type HostDiagnosis = Judgement & {
  readonly host: string;
  readonly fault: string | null;
  /** Probes that gave no facts, and why. */
  readonly unanswered: readonly { readonly probe: string; readonly reason: string }[];
  readonly asked: number;
  /** What has changed since the last diagnosis; null where there was none. */
  readonly since: DiagnosisChange | null;
};

const nothing: Judgement = { causes: [], undecided: [] };

/**
 * Asks hosts what is wrong with them. Read-only; a host that cannot be asked is a result, too.
 */
export async function diagnoseHosts(
  { plan, causes, probeOf }: PreparedDiagnosis,
  complaint: Complaint,
  tools: Omit<ProbeTools, 'onHost'> & {
    readonly onHost: (diagnosis: HostDiagnosis) => void;
    readonly store: DiagnosisStore;
    /** Now, UTC, ISO 8601. */
    readonly at: string;
  },
): Promise<readonly HostDiagnosis[]> {
  const diagnoses: HostDiagnosis[] = [];
  const onHost = (probe: HostProbe): void => {
    const diagnosis = diagnosisOf(probe);
    diagnoses.push(diagnosis);
    tools.onHost(diagnosis);
  };
  const diagnosisOf = ({ host, facts, goal, steps, fault }: HostProbe): HostDiagnosis => {
    const answers = [...(goal?.checks ?? []).map((check) => ({ ...check, step: check.id })), ...steps].flatMap(
      (one) => {
        const probe = probeOf.get(one.step);
        return probe === undefined ? [] : [{ probe, facts: one.facts, reason: one.reason }];
      },
    );
    const unanswered = answers.flatMap(({ probe, facts: found, reason }) =>
      found === null ? [{ probe, reason }] : [],
    );
    const probes = Object.fromEntries(answers.map(({ probe, facts: found }) => [probe, found]));
    const judged = facts === null ? nothing : judgeCauses(causes, { host, facts, probes }, complaint);
    const since = facts === null ? null : changeSince(tools.store.last(host), judged.causes);
    if (facts !== null)
      tools.store.keep(host, { at: tools.at, causes: judged.causes.map(({ id, title }) => ({ id, title })) });
    return { host, fault, ...judged, unanswered, asked: answers.length, since };
  };
  await probeHosts(plan, { ...tools, onHost, leavesOut: leavesOut({ plan, causes, probeOf }) });
  return diagnoses;
}

/**
 * Probes that a host is not asked: those whose condition does not hold there, and those whose action does not target it; all where the
 * session has no administrator rights: what it would be refused says nothing of the host.
 */
function leavesOut({ plan, causes, probeOf }: PreparedDiagnosis): (use: string, facts: HostFacts) => boolean {
  return (use, facts) => {
    const probe = causes.probes[probeOf.get(use) ?? ''];
    if (probe === undefined || !facts.elevated) return true;
    const targets = plan.plan.actions[probe.uses]?.targets.os;
    const target = facts.os.productType === 1 ? targets?.client : targets?.server;
    if (target === undefined || !matchesBuild(target, facts.os.build)) return true;
    const when = evaluateWhen(probe.when ?? null, {
      facts: { ...facts },
      host: { id: '', rebootOwed: false },
      params: {},
      steps: {},
    });
    return when.kind === 'told' && !when.holds;
  };
}
