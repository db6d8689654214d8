import { Failure } from '../kernel/failure.ts';
import { camelCase } from '../kernel/ids.ts';
import type { Json } from '../kernel/words.ts';
import { bindWith } from '../planning/bind.ts';
import { type ConditionScope, evaluateWhen } from '../planning/condition.ts';
import type { HostConnection, Plan, PlannedHost, PlannedUse } from '../planning/plan.ts';
import { isSecretReference } from '../planning/secret-values.ts';
import type { Detection, HostFacts, HostKit, ScriptOutcome, Verification } from '../remote/powershell/host-kit.ts';
import type { PreparedPlan } from './prepare-plan.ts';

/** What a step would do on a host, as far as its read-only detect can tell. */
export type StepProbe = {
  readonly step: string;
  readonly verdict: 'will change' | 'already right' | 'cannot tell';
  readonly reason: string;
  readonly facts: Json;
};

/** What the probe of one host found; `fault` tells why it could not be asked. */
export type HostProbe = {
  readonly host: string;
  readonly facts: HostFacts | null;
  readonly goal: { readonly ok: boolean; readonly reason: string } | null;
  readonly checks: readonly { readonly check: string; readonly ok: boolean; readonly reason: string }[];
  readonly steps: readonly StepProbe[];
  readonly fault: string | null;
};

/** A session with a host in which the kit is loaded. */
export type ProbeSession = AsyncDisposable & { readonly kit: HostKit; readonly facts: HostFacts };

/** Opens a session for a probe; resolves secrets only there. */
export type OpenProbe = (connection: HostConnection, plan: PreparedPlan) => Promise<ProbeSession>;

/** Asks every host of a plan, `width` at a time, what its steps would do. Read-only; a host that fails is a result. */
export async function probeHosts(
  prepared: PreparedPlan,
  open: OpenProbe,
  resolveSecret: (reference: string) => unknown,
  onHost: (probe: HostProbe) => void,
  width = 8,
): Promise<readonly HostProbe[]> {
  const probes = new Map<string, HostProbe>();
  const waiting = [...prepared.plan.hosts];
  const work = async (): Promise<void> => {
    for (let host = waiting.shift(); host; host = waiting.shift()) {
      const probe = await probeHost(prepared, host, open, resolveSecret);
      probes.set(host.id, probe);
      onHost(probe);
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  return prepared.plan.hosts.flatMap(({ id }) => probes.get(id) ?? []);
}

async function probeHost(
  prepared: PreparedPlan,
  host: PlannedHost,
  open: OpenProbe,
  resolveSecret: (reference: string) => unknown,
): Promise<HostProbe> {
  const connection = prepared.connections.find((each) => each.host === host.id);
  const empty = { host: host.id, facts: null, goal: null, checks: [], steps: [] };
  if (!connection) return { ...empty, fault: 'the inventory gives no connection' };
  try {
    await using session = await open(connection, prepared);
    const read = reader(prepared, host, session.kit, resolveSecret);
    const checks = [];
    for (const check of prepared.plan.preflight) {
      const outcome = await read<Verification>(check, 'verify');
      checks.push({
        check: check.uses,
        ...verdictOf(outcome),
        facts: outcome.kind === 'done' ? outcome.result.facts : null,
      });
    }
    const goal = verdictOf(await read<Verification>(prepared.plan.goal, 'verify'));
    const areas = new Map(checks.map(({ check, facts }) => [areaOf(check), facts]));
    const steps: StepProbe[] = [];
    for (const step of prepared.plan.stages.flatMap((stage) => stage.steps)) {
      const outcome = await read<Detection>(step, 'detect');
      if (outcome.kind === 'done') areas.set(areaOf(step.uses), outcome.result.facts);
      steps.push(
        stepProbe(step.id, outcome, evaluateWhen(step.when, scopeOf(prepared.plan, host, session.facts, areas, steps))),
      );
    }
    return { host: host.id, facts: session.facts, goal, checks, steps, fault: null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ...empty, fault: error.message };
  }
}

const areaOf = (uses: string): string => camelCase(uses.split('/')[0] ?? uses);

/** Runs one read-only script of the plan on the host. */
function reader(
  prepared: PreparedPlan,
  host: PlannedHost,
  kit: HostKit,
  resolveSecret: (reference: string) => unknown,
) {
  return async <T extends Detection | Verification>(
    use: PlannedUse,
    kind: 'detect' | 'verify',
  ): Promise<ScriptOutcome<T>> => {
    const action = prepared.plan.actions[use.uses];
    const sha256 = action?.scripts[kind];
    const text = sha256 === undefined ? undefined : prepared.blobs.get(sha256);
    if (!action || sha256 === undefined || text === undefined)
      throw new Failure('bad-launch', `The plan holds no ${kind} script for ${use.uses}; plan again.`);
    const bound = Object.entries(bindWith(use.with, host.parameters)).map(
      ([name, value]) => [name, isSecretReference(value) ? resolveSecret(value.secret) : value] as const,
    );
    const parameters = Object.fromEntries(bound);
    return kit.read<T>({
      step: use.id,
      kind,
      text,
      sha256,
      parameters,
      lane: action.lanes[kind],
      longestMs: action.longestMs,
    });
  };
}

function verdictOf(outcome: ScriptOutcome<Verification>): { readonly ok: boolean; readonly reason: string } {
  if (outcome.kind === 'done') return { ok: outcome.result.ok, reason: outcome.result.reason };
  return { ok: false, reason: outcome.kind === 'failed' ? outcome.fault.message : 'still running' };
}

function stepProbe(step: string, outcome: ScriptOutcome<Detection>, when: ReturnType<typeof evaluateWhen>): StepProbe {
  if (outcome.kind !== 'done')
    return {
      step,
      verdict: 'cannot tell',
      reason: outcome.kind === 'failed' ? outcome.fault.message : 'still running',
      facts: null,
    };
  const { needed, possible, reason, facts } = outcome.result;
  if (when.kind === 'cannot-tell') return { step, verdict: 'cannot tell', reason: when.reason, facts };
  if (!needed || !when.holds) return { step, verdict: 'already right', reason, facts };
  return { step, verdict: possible ? 'will change' : 'cannot tell', reason, facts };
}

function scopeOf(
  plan: Plan,
  host: PlannedHost,
  facts: HostFacts,
  areas: ReadonlyMap<string, Json>,
  steps: readonly StepProbe[],
): ConditionScope {
  const stepIds = plan.stages.flatMap((stage) => stage.steps.map(({ id }) => id));
  return {
    facts: { ...Object.fromEntries(areas), ...facts } as ConditionScope['facts'],
    host: { id: host.id, rebootOwed: facts.pendingReboot.length > 0 },
    params: Object.fromEntries(
      Object.entries(host.parameters).filter(([, value]) => !isSecretReference(value)),
    ) as ConditionScope['params'],
    steps: Object.fromEntries(
      stepIds.map((id) => [
        id,
        { needed: steps.find((each) => each.step === id)?.verdict === 'will change', changed: false, facts: null },
      ]),
    ),
  };
}
