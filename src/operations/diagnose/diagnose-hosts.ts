import { type ProbeTools, probeHosts } from '../probe.ts';
import type { HostProbe } from '../probe-state.ts';
import { changeSince, type DiagnosisChange, type DiagnosisStore } from './compare-diagnoses.ts';
import { type Judgement, judgeCauses } from './judge-causes.ts';
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
 * @param codes error codes that they show, as `0x80070002`; none: whatever is found
 */
export async function diagnoseHosts(
  { plan, causes }: PreparedDiagnosis,
  codes: readonly string[],
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
  const diagnosisOf = ({ host, facts, steps, fault }: HostProbe): HostDiagnosis => {
    const unanswered = steps.flatMap(({ step, facts: found, reason }) =>
      found === null ? [{ probe: step, reason }] : [],
    );
    const probes = Object.fromEntries(steps.map(({ step, facts: found }) => [step, found]));
    const judged = facts === null ? nothing : judgeCauses(causes, { host, facts, probes }, codes);
    const since = facts === null ? null : changeSince(tools.store.last(host), judged.causes);
    if (facts !== null)
      tools.store.keep(host, { at: tools.at, causes: judged.causes.map(({ id, title }) => ({ id, title })) });
    return { host, fault, ...judged, unanswered, asked: steps.length, since };
  };
  await probeHosts(plan, { ...tools, onHost });
  return diagnoses;
}
