import { randomBytes } from 'node:crypto';
import { defaultLimits } from '../../hostrun/limits.ts';
import { runHost } from '../../hostrun/run-host.ts';
import { plannedStep } from '../../hostrun/state.ts';
import type { Host } from '../../input/playbook-test/playbook-test.generated.ts';
import { ChainWriter } from '../../journal/chain-writer.ts';
import type { JournalEvent } from '../../journal/event.ts';
import { memoryJournal } from '../../journal/memory-journal.ts';
import { sha256 } from '../../kernel/canonical-json.ts';
import type { PlannedRun } from '../../planning/plan-run.ts';
import type { ScriptCall } from '../../remote/powershell/host-kit.ts';
import { limitCalls } from '../../remote/powershell/limit-calls.ts';
import { openHostKit } from '../../remote/powershell/open-host-kit.ts';
import { lineInScript } from '../../remote/powershell/script-fault.ts';
import type { HostReport } from '../../report/run-report.ts';
import { foldHost } from '../fold-host.ts';
import type { Fate, MakeTestMachine, ScriptChange, StateDifference, TestMachine } from './test-machine.ts';

/** When a change came: in the work of a step, on the way back, or while a script had only to look. */
type RunPhase = 'work' | 'undo' | 'look';

/** A change of a run, and whether the work made it, the way back, or a script that had only to look. */
export type RunChange = ScriptChange & {
  readonly during: RunPhase;
  /** The script that was called, with the line where it stood if that is known: `mark/detect.ps1:7`. */
  readonly by: string;
};

/** How one run on a simulated host came out. */
export type TestRun = {
  readonly report: HostReport;
  readonly events: readonly JournalEvent[];
  /** Changes that scripts of steps, and the undo, made to the host. */
  readonly changes: readonly RunChange[];
  /** How the host differs at the end from before, without what may remain after a rollback. */
  readonly differences: readonly StateDifference[];
  /** Disturbances of the host that did not come, in words. */
  readonly pending: readonly string[];
  /** Why there is no end, or none that proves anything; null where there is one. */
  readonly stuck: string | null;
  /** Whether what was given up still goes on in its thread. */
  readonly goesOn: boolean;
  /** Real time that it took, ms. */
  readonly durationMs: number;
};

/** Where a run is interfered with: right after the n-th change (from 1) of the work its script fails, of the undo its session is cut. */
export type Interference = { readonly failAt: number | null; readonly cutAt: number | null };

/** One run that is asked for. */
export type RunRequest = { readonly spec: Host; readonly planned: PlannedRun; readonly interference: Interference };

/** Simulated hosts for runs; several may be under way at once. */
export type TestHosts = { run(request: RunRequest): Promise<TestRun> };

const run = 'test';
const lease = { holder: 'test', fence: 1 };
const secretsOfTests = 'a secret of a test';

/** Nobody gives orders that a call would have to end for: long work is asked after once in five simulated minutes, and when its time is up. */
const patientMs = 300_000;

/**
 * Runs a planned playbook on a fresh simulated host from its first look to its end, in this process; waits are skipped.
 * @param stop gives the run up; its reason (a text) is why it counts as stuck
 */
export async function runOnMachine(
  make: MakeTestMachine,
  { spec, planned, interference }: RunRequest,
  stop: AbortSignal,
): Promise<TestRun> {
  const startedMs = performance.now();
  const host = planned.plan.hosts[0]?.id ?? '';
  const changes: RunChange[] = [];
  const phase = trackPhase();
  let called: CalledScript = { name: '', text: '' };
  const onChange = ({ kind, target }: ScriptChange): Fate => {
    const during = phase.now();
    if (during === null) return 'go-on';
    const change = {
      kind,
      target,
      during,
      by: [called.name, ...linesOf(machine.scriptsAt(), called).slice(0, 1)].join(':'),
    };
    changes.push(change);
    return fateAt(interference, during, changes.filter((each) => each.during === during).length);
  };
  using machine = make(host, spec, onChange);
  const store = memoryJournal(() => lease);
  const clock = simulatedPacing(machine);
  const journal = new ChainWriter(store, { run, host }, lease, {
    firstMs: 1,
    longestMs: 1,
    limitMs: 1,
    now: clock.now,
    sleep: (ms) => clock.sleep(ms),
  });
  const task = trackTask(planned, clock.now);
  const { stuck, goesOn } = await endOrStop(
    stop,
    runHost({
      plan: planned.plan,
      host,
      run,
      worker: 'test',
      limits: defaultLimits,
      journal: {
        read: () => journal.read(),
        head: () => journal.head(),
        append: async (body) => {
          const event = await journal.append(body);
          phase.note(event);
          task.note(event);
          return event;
        },
      },
      password: null,
      open: () =>
        openKit(machine, planned, task.leftMs, (script) => {
          called = script;
        }),
      script: (hash) => textOf(planned, hash),
      secret: async () => secretsOfTests,
      orders: async () => ({ cancel: null, withheld: null, later: [] }),
      machine: { sameMachineAs: async () => null, take: async () => ({ kind: 'taken' }), give: async () => undefined },
      pacing: clock,
      nonce: () => randomBytes(8).toString('hex'),
      holdMs: Number.POSITIVE_INFINITY,
      // No order comes, so nobody looks for one.
      heedMs: Number.POSITIVE_INFINITY,
      signal: stop,
    }),
  );
  const events = await store.read(run, host);
  const stoodAt = stuck === null ? '' : placeText(machine.scriptsAt(), called);
  const { hash } = await store.head(run, host);
  return {
    report: foldHost(planned.plan, { run, host, head: hash }, events),
    events,
    changes,
    differences: machine.differences(),
    pending: machine.pending(),
    stuck: machine.takeOutside()?.message ?? (stuck === null ? null : `${stuck}${stoodAt}`),
    goesOn,
    durationMs: Math.round(performance.now() - startedMs),
  };
}

function fateAt({ failAt, cutAt }: Interference, during: RunChange['during'], nth: number): Fate {
  if (during === 'work') return nth === failAt ? 'fail' : 'go-on';
  return during === 'undo' && nth === cutAt ? 'cut' : 'go-on';
}

/** Why the run did not end, or null; and whether it is given up while it goes on. */
async function endOrStop(
  stop: AbortSignal,
  running: ReturnType<typeof runHost>,
): Promise<Pick<TestRun, 'stuck' | 'goesOn'>> {
  const stopped = untilAborted(stop).then(() => ({ stuck: String(stop.reason), goesOn: true }));
  const ended = running.then((result) => {
    if (result.kind === 'ended') return { stuck: null, goesOn: false };
    const reason = stop.aborted ? String(stop.reason) : `the run was ${result.kind}: ${result.reason}`;
    return { stuck: reason, goesOn: false };
  });
  return await Promise.race([stopped, ended]);
}

/** The script whose call is under way. */
type CalledScript = { readonly name: string; readonly text: string };

const linesOf = (stacks: readonly string[], { text }: CalledScript): readonly number[] =>
  stacks.flatMap((stack) => lineInScript(stack, text) ?? []);

/** Where the scripts of a run that did not end were, and what to do about it. */
function placeText(stacks: readonly string[], script: CalledScript): string {
  const lines = linesOf(stacks, script);
  if (lines.length === 0) return '';
  return `; ${script.name} was at line ${lines.join(', ')}: give its loop a limit of its own, or have it do less work`;
}

/** What begins a phase; between them nobody's changes are looked at (those of the protection, say). */
const phaseOf: Readonly<Partial<Record<JournalEvent['kind'], RunPhase | null>>> = {
  hostConnected: 'look',
  claimSought: null,
  stepBegun: 'work',
  stepApplied: 'look',
  stepFailed: null,
  stepInterrupted: null,
  // What comes from here on puts back what was weakened and gives the host free; its looks were seen in the survey.
  stepVerified: null,
  rebootRequested: null,
  undoBegun: 'undo',
  factsCompared: null,
  hostRunEnded: null,
};

/** Whose changes come now: those of a step's script, of the undo, of a script that only looks, or of nobody who is looked at. */
function trackPhase() {
  let now: RunPhase | null = null;
  let isTouched = false;
  return {
    now: () => now,
    note({ kind }: JournalEvent) {
      isTouched ||= kind === 'claimSought';
      // Whoever comes back to a host goes on with whatever it was at.
      if (kind === 'hostConnected' && isTouched) now = null;
      else now = phaseOf[kind] === undefined ? now : phaseOf[kind];
    },
  };
}

/** How much time a task of the system lane has left before the run gives it up: the limit that the host run counts from when it first asked. */
function trackTask({ plan }: PlannedRun, now: () => number) {
  let endsMs = Number.POSITIVE_INFINITY;
  return {
    leftMs: () => endsMs - now(),
    note(event: JournalEvent) {
      if (event.kind === 'stepBegun') endsMs = Number.POSITIVE_INFINITY;
      else if (event.kind === 'stepStillRunning' && endsMs === Number.POSITIVE_INFINITY)
        endsMs = now() + plannedStep(plan, event.data.step).action.longestMs + defaultLimits.graceMs;
    },
  };
}

/** Time of a run is that of the simulated host: what is skipped there, pauses of this side among it, counts as if it had been waited for. */
function simulatedPacing(machine: TestMachine) {
  const startedMs = Date.now();
  return {
    now: () => startedMs + machine.elapsedMs(),
    async sleep(ms: number, signal?: AbortSignal): Promise<void> {
      if (ms === Number.POSITIVE_INFINITY) return await untilAborted(signal);
      await machine.sleep(ms);
    },
  };
}

function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    else signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** The kit in a session, with the limits that a worker gives its calls. */
async function openKit(
  machine: TestMachine,
  planned: PlannedRun,
  leftMs: () => number,
  onCall: (script: CalledScript) => void,
) {
  const { plan } = planned;
  const text = textOf(planned, plan.kit);
  const longestMs = Math.max(0, ...Object.values(plan.actions).map((action) => action.longestMs));
  const shell = limitCalls(await machine.open(), longestMs + defaultLimits.graceMs);
  const kit = openHostKit(
    shell,
    { text, sha256: sha256(text) },
    {
      readWaitMs: patientMs,
      pollWaitMs: () => Math.max(0, Math.min(patientMs, leftMs())),
      applyGraceMs: defaultLimits.graceMs,
    },
  );
  const tell = ({ step, kind, text }: ScriptCall): void => onCall({ name: `${step}/${kind}.ps1`, text });
  const watched: typeof kit = {
    ...kit,
    // The host's clock knows nothing of the pauses of this side that were skipped.
    open: (options) => kit.open({ ...options, reference: Date.now }),
    read: (call, signal) => {
      tell(call);
      return kit.read(call, signal);
    },
    apply: (call, options, signal) => {
      tell(call);
      return kit.apply(call, options, signal);
    },
    undo: (options) => {
      onCall({ name: 'a script of the undo', text: '' });
      return kit.undo(options);
    },
  };
  return {
    kit: watched,
    close: () => shell.close(),
  };
}

function textOf({ blobs }: PlannedRun, hash: string): string {
  const text = blobs.get(hash);
  if (text === undefined) throw new RangeError(`no text ${hash} in the plan`);
  return text;
}
