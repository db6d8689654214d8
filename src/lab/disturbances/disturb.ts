import { setTimeout as delay } from 'node:timers/promises';
import type { Task } from '../evaluator/host.ts';
import type { Machine } from '../windows/machine/machine.ts';
import { scriptOf } from '../windows/script-changes.ts';
import type { DisturbanceSpec, Moment } from './disturbance-spec.ts';

const megabyte = 2 ** 20;

/** What a disturbed host does with a request that comes: it answers, or the answer is lost with its connection. */
export type RequestFate = 'answer' | 'lose';

/** The disturbances of a host under way. */
export type Disturbances = {
  /** Called with each request before it is answered. */
  readonly onRequest: () => Promise<RequestFate>;
  /** Asked with each new session: whether it is refused for want of quota. */
  readonly refusesSession: () => boolean;
  /** What has not come yet, as words of the lab file: `restart at change 5`. */
  readonly pending: () => readonly string[];
};

/** What disturbances do to the world around the machine. */
export type Surroundings = {
  /** Breaks all connections to the machine. */
  readonly cut: () => void;
  /** Waits so many ms of real time. */
  readonly wait?: (ms: number) => Promise<void>;
  /** How long a command hangs, ms of the machine's time. Default: until its process ends or its pipeline is stopped. */
  readonly hangMs?: number;
  /** Told when one comes, as `pending` names it. */
  readonly onCome?: (what: string) => void;
};

type Timed = Extract<DisturbanceSpec, { readonly at: Moment }>;

/** Lets things happen to a machine at their moments, each once. */
export function disturb(machine: Machine, specs: readonly DisturbanceSpec[], surroundings: Surroundings): Disturbances {
  const { cut, wait = (ms) => delay(ms, undefined, { ref: false }), onCome = () => undefined } = surroundings;
  const waiting = new Set(specs.filter((spec): spec is Timed => 'at' in spec));
  const slowMs = specs.reduce((most, spec) => (spec.kind === 'slow' ? Math.max(most, spec.ms) : most), 0);
  const refused = specs.reduce((sum, spec) => (spec.kind === 'session-refused' ? sum + spec.times : sum), 0);
  const hanging = specs.flatMap((spec) => (spec.kind === 'command-hangs' ? [hangingCall(spec)] : []));
  const due = (count: number, of: 'change' | 'request'): readonly Timed[] =>
    [...waiting].filter(({ at }) => at[of] === count);
  const come = (spec: Timed): void => {
    waiting.delete(spec);
    onCome(wordsOf(spec));
  };
  const happenNow = (spec: Timed): void => {
    come(spec);
    if (spec.kind === 'connection-cut') cut();
    else happen(machine, spec);
  };
  let changes = 0;
  let requests = 0;
  let sessions = 0;
  machine.changes.observe((change) => {
    if (scriptOf(machine, change) === undefined) return undefined;
    changes++;
    const now = due(changes, 'change');
    // The script that made the change is held until all of it has happened.
    return now.length === 0 ? undefined : Promise.resolve().then(() => now.forEach(happenNow));
  });
  for (const spec of waiting)
    if (spec.at.minutes !== undefined) machine.clock.after(spec.at.minutes * 60_000, () => happenNow(spec));
  machine.beforeCommand = hangAt(machine, hanging, surroundings);
  return {
    async onRequest() {
      requests++;
      const now = due(requests, 'request');
      if (slowMs > 0) await wait(slowMs);
      for (const spec of now) {
        come(spec);
        if (spec.kind !== 'connection-cut') happen(machine, spec);
      }
      return now.some(({ kind }) => kind === 'connection-cut') ? 'lose' : 'answer';
    },
    refusesSession: () => {
      const isRefused = sessions++ < refused;
      if (isRefused) onCome(`session-refused, time ${sessions}`);
      return isRefused;
    },
    pending: () => [
      ...[...waiting].map(wordsOf),
      ...hanging
        .filter(({ left }) => left > 0)
        .map(({ command, left }) => `command-hangs ${command}: ${more(left, 'call')}`),
      ...(sessions < refused ? [`session-refused: ${more(refused - sessions, 'time')}`] : []),
    ],
  };
}

const wordsOf = ({ kind, at }: Timed): string => `${kind} at ${momentText(at)}`;

const more = (count: number, what: string): string => `${count} more ${what}${count === 1 ? '' : 's'}`;

const momentText = (at: Moment): string =>
  Object.entries(at)
    .map(([unit, count]) => `${unit} ${count}`)
    .join(', ');

/** A command of which a call hangs, and how many calls are left until then, that one counted. */
type HangingCall = { readonly command: string; left: number };

const hangingCall = ({ command, call = 1 }: Extract<DisturbanceSpec, { kind: 'command-hangs' }>): HangingCall => ({
  command,
  left: call,
});

/** What is done before each command: the n-th call of some hangs. */
function hangAt(
  machine: Machine,
  hanging: readonly HangingCall[],
  { hangMs = Number.POSITIVE_INFINITY, onCome }: Surroundings,
): Machine['beforeCommand'] {
  if (hanging.length === 0) return undefined;
  return (name, pid) => {
    const called = hanging.filter(({ command }) => bareName(command) === bareName(name));
    for (const each of called) each.left--;
    const hangs = called.find(({ left }) => left === 0);
    if (!hangs) return undefined;
    onCome?.(`command-hangs ${hangs.command}`);
    return hang(machine, pid, hangMs);
  };
}

function* hang(machine: Machine, pid: number, ms: number): Task<void> {
  if (Number.isFinite(ms)) {
    yield machine.clock.wait(pid, ms);
    return;
  }
  const goOn = machine.clock.hold(pid);
  try {
    yield new Promise<void>(() => undefined);
  } finally {
    goOn();
  }
}

/** `dism` for `C:\\Windows\\System32\\Dism.exe`. */
const bareName = (command: string): string =>
  command
    .slice(command.lastIndexOf('\\') + 1)
    .toLowerCase()
    .replace(/\.exe$/, '');

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
