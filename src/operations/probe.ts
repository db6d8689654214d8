import { Failure } from '../kernel/failure.ts';
import type { HostFacts } from '../kernel/host-facts.ts';
import type { Json } from '../kernel/words.ts';
import { evaluateWhen } from '../planning/condition.ts';
import { goalJudgement } from '../planning/goal.ts';
import type { HostConnection, PlannedHost, PlannedStep } from '../planning/plan.ts';
import { userScripts } from '../planning/user-scripts.ts';
import type { Detection, HostKit, Verification } from '../remote/powershell/host-kit.ts';
import type { PreparedPlan } from './prepare-plan.ts';
import { type HostProbe, noteFacts, type ProbeState, probeScope, type StepProbe } from './probe-state.ts';
import { type ReadScript, scriptReader } from './script-reader.ts';

/** A session with a host in which the kit is loaded. */
type ProbeSession = AsyncDisposable & {
  readonly kit: Pick<HostKit, 'read' | 'signedInUser'>;
  readonly facts: HostFacts;
};

/** Opens a session for a probe; resolves the password only there. */
export type OpenProbe = (connection: HostConnection, plan: PreparedPlan) => Promise<ProbeSession>;

/** What a probe needs beside its plan. */
export type ProbeTools = {
  readonly open: OpenProbe;
  /** The value behind a reference. @throws Failure `secret-missing` */
  readonly resolveSecret: (reference: string) => unknown;
  readonly onHost: (probe: HostProbe) => void;
  /** Goal checks and steps (by their ids) that are not asked on a host; none are left out by default. */
  readonly leavesOut?: (use: string, facts: HostFacts) => boolean;
  /** Hosts at the same time. */
  readonly width?: number;
};

/** Asks every host of a plan what its steps would do. Read-only; a host that cannot be asked is a result, too. */
export async function probeHosts(prepared: PreparedPlan, tools: ProbeTools): Promise<readonly HostProbe[]> {
  const { hosts } = prepared.plan;
  const probes = new Map<string, HostProbe>();
  const waiting = [...hosts];
  let told = 0;
  // They answer in any order, and are told in theirs.
  const tell = (): void => {
    for (let next = probes.get(hosts[told]?.id ?? ''); next !== undefined; next = probes.get(hosts[told]?.id ?? '')) {
      told++;
      tools.onHost(next);
    }
  };
  const work = async (): Promise<void> => {
    for (let host = waiting.shift(); host !== undefined; host = waiting.shift()) {
      probes.set(host.id, await probeHost(prepared, host, tools));
      tell();
    }
  };
  await Promise.all(Array.from({ length: tools.width ?? 8 }, work));
  return hosts.flatMap(({ id }) => probes.get(id) ?? []);
}

async function probeHost(prepared: PreparedPlan, host: PlannedHost, tools: ProbeTools): Promise<HostProbe> {
  const unasked = { host: host.id, facts: null, goal: null, checks: [], steps: [] };
  const connection = prepared.connections.find((each) => each.host === host.id);
  if (connection === undefined) return { ...unasked, fault: 'the inventory gives no connection' };
  try {
    await using session = await tools.open(connection, prepared);
    return await askHost(
      prepared,
      host,
      session.facts,
      scriptReader(prepared, host, session.kit, tools.resolveSecret),
      await leavesOut(prepared, session, tools),
    );
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ...unasked, fault: error.message };
  }
}

/** Goal checks and steps that are not asked: those that are left out, and with them those of the lane `user` where nobody is signed in. */
async function leavesOut(
  { plan }: PreparedPlan,
  { kit, facts }: ProbeSession,
  { leavesOut: given }: ProbeTools,
): Promise<(use: string) => boolean> {
  if (given === undefined) return () => false;
  const uses = [...plan.goal, ...plan.stages.flatMap(({ steps }) => steps)];
  const forUser = uses.filter((use) => userScripts(plan, [use], ['detect', 'verify']).length > 0).map(({ id }) => id);
  const asked = forUser.filter((id) => !given(id, facts));
  // A no-language endpoint runs nothing in a user's session.
  const nobody =
    asked.length > 0 && (facts.powershell.jeaModule !== undefined || (await kit.signedInUser('')) === null);
  return (use) => given(use, facts) || (nobody && asked.includes(use));
}

/** Checks, goal, then every step, in the order of a run. */
async function askHost(
  { plan }: PreparedPlan,
  host: PlannedHost,
  facts: HostFacts,
  read: ReadScript,
  isLeftOut: (use: string) => boolean,
): Promise<HostProbe> {
  const state: ProbeState = { plan, host, facts, areas: new Map(), steps: [] };
  const checks: { check: string; ok: boolean; reason: string }[] = [];
  for (const check of plan.preflight) {
    const answer = await read<Verification>(check, 'verify');
    checks.push({ check: check.uses, ok: answer.result?.ok ?? false, reason: answer.reason });
    noteFacts(state, check.uses, answer.result?.facts ?? null);
  }
  const answers: { id: string; uses: string; ok: boolean; reason: string; facts: Json }[] = [];
  for (const check of plan.goal.filter(({ id }) => !isLeftOut(id))) {
    const { result, reason } = await read<Verification>(check, 'verify');
    answers.push({ id: check.id, uses: check.uses, ok: result?.ok ?? false, reason, facts: result?.facts ?? null });
  }
  for (const step of plan.stages.flatMap((stage) => stage.steps))
    if (!isLeftOut(step.id)) state.steps.push(await askStep(state, step, read));
  return {
    host: host.id,
    facts,
    goal: { ...goalJudgement(plan.goal, answers), checks: answers },
    checks,
    steps: state.steps,
    fault: null,
  };
}

async function askStep(state: ProbeState, step: PlannedStep, read: ReadScript): Promise<StepProbe> {
  const when = evaluateWhen(step.when, probeScope(state));
  const told = (verdict: StepProbe['verdict'], reason: string, facts: StepProbe['facts']): StepProbe => ({
    step: step.id,
    verdict,
    reason,
    facts,
  });
  if (when.kind === 'told' && !when.holds) return told('already right', `not wanted here: ${step.when ?? ''}`, null);
  const { result, reason } = await read<Detection>(step, 'detect');
  if (result === null) return told('cannot tell', reason, null);
  noteFacts(state, step.uses, result.facts);
  if (!result.needed) return told('already right', reason, result.facts);
  if (when.kind === 'cannot-tell') return told('cannot tell', `${reason} (${when.reason})`, result.facts);
  return told(result.possible ? 'will change' : 'cannot tell', reason, result.facts);
}
