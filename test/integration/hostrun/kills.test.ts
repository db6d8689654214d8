import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoLabFile } from '../../../src/compose/lab-session.ts';
import { readLab } from '../../../src/input/lab/read-lab.ts';
import type { HostEndName } from '../../../src/journal/event-data.ts';
import type { LabSpec } from '../../../src/lab/faults/lab-spec.ts';
import { type Kill, type KilledRun, runWithKills } from './killed-run.ts';

/**
 * Worker processes are killed (SIGKILL) on a simulated Windows host over WinRM. Here: once behind every kind of event, and at every event
 * of the applying and the undoing. `KINTSUGI_KILLS=all` kills behind every single event, and three times on the same host run.
 */
const all = process.env['KINTSUGI_KILLS'] === 'all';

const spec = readLab<LabSpec>(demoLabFile);
if (!spec.ok) throw new Error('the demo lab cannot be read');
const hosts = spec.value.hosts;

/** Changes that are made and not undone, as `step change target`, oldest first. */
function openChanges({ ledger }: KilledRun): readonly string[] {
  const undone = new Set(
    ledger.flatMap(({ kind, data }) => (kind === 'undone' && data['ok'] === true ? [data['of']] : [])),
  );
  return ledger.flatMap(({ kind, seq, data }) =>
    kind === 'before' && !undone.has(seq)
      ? [`${String(data['step'])} ${String(data['change'])} ${String(data['target'])}`]
      : [],
  );
}

/** Events of the way there and back: kills behind these fall into the middle of the host's changes. */
const inTheMiddle = ['stepBegun', 'stepStillRunning', 'stepApplied', 'stepFailed', 'undoBegun', 'changesUndone'];

function killsFor({ events }: KilledRun): readonly (readonly Kill[])[] {
  const first = events.filter((event, index) => events.findIndex(({ kind }) => kind === event.kind) === index);
  const middle = events.filter(({ kind }) => inTheMiddle.includes(kind));
  const chosen = all ? events : events.filter((event) => first.includes(event) || middle.includes(event));
  const once = chosen.slice(0, -1).map(({ seq }) => [{ at: seq, afterMs: 0 }]);
  const during = middle.filter(({ kind }) => kind === 'stepBegun' || kind === 'undoBegun');
  const inside = during.flatMap(({ seq }) => (all ? [20, 60, 120] : [60]).map((afterMs) => [{ at: seq, afterMs }]));
  const thrice = (all ? events.slice(0, -1) : middle.slice(0, 1)).map(({ seq }) => [
    { at: seq, afterMs: 0 },
    { at: seq + 3, afterMs: 0 },
    { at: seq + 8, afterMs: 40 },
  ]);
  return [...once, ...inside, ...thrice];
}

describe.each<{ name: string; end: HostEndName }>([
  { name: 'w11-cache', end: 'repaired' },
  { name: 'srv-2022', end: 'rolled-back' },
])('I1 I3: whichever worker is killed and whenever, $name ends $end', ({ name, end }) => {
  let undisturbed: KilledRun;
  beforeAll(async () => {
    undisturbed = await runWithKills(name, hosts[name] ?? expect.unreachable(), []);
  }, 120_000);
  const counts = new Map<string, number>();
  afterAll(() => {
    console.log(`${name}: ${[...counts].map(([what, count]) => `${what} ${count}`).join(', ')}`);
  });

  it('undisturbed', () => {
    expect(undisturbed.end.end, undisturbed.end.reason).toBe(end);
    expect(undisturbed.report.chain.ok).toBe(true);
  });

  it(
    'no change is made twice, and the run ends as without any kill',
    async () => {
      const plans = killsFor(undisturbed);
      expect(plans.length).toBeGreaterThan(20);
      for (const kills of plans) {
        const note = JSON.stringify(kills);
        const run = await runWithKills(name, hosts[name] ?? expect.unreachable(), kills);
        expect(run.end.end, `${note}: ${run.end.reason}`).toBe(end);
        expect(run.kills, note).toBeGreaterThan(0);
        expect(openChanges(run), note).toEqual(openChanges(undisturbed));
        if (end === 'rolled-back') expect(run.differences, note).toEqual([]);
        expect(run.report.chain.ok, note).toBe(true);
        counts.set(`runs`, (counts.get('runs') ?? 0) + 1);
        counts.set(`kills`, (counts.get('kills') ?? 0) + run.kills);
      }
    },
    all ? 7_200_000 : 600_000,
  );
});
