/**
 * Kills a worker process at every event of every host of the demo's run, one kill a run, and three times on the same host run; each time
 * another worker goes on. Prints counts and every break of what must hold. Ends with 1 where there is one.
 * `node scripts/crash.ts [lanes]`: so many runs at the same time (default 2).
 */
import { everyEvent, inLanes, openFleets, runUndisturbed, threeKills, tryCrash } from '../test/helpers/crash-plan.ts';

const lanes = Number(process.argv[2] ?? '2');
const since = performance.now();
await using opened = await openFleets(lanes);
const { fleets } = opened;
const runs = await runUndisturbed(fleets);
const cases = [...everyEvent(runs), ...runs.filter(({ host }) => /cache|2022/.test(host)).map(threeKills)];
const faults: string[] = [];
const done = new Map<string, { runs: number; kills: number; broken: number }>();
let last = 0;
await inLanes(fleets, cases, async (fleet, each) => {
  const { faults: found, kills } = await tryCrash(fleet, runs, each).catch((error: unknown) => ({
    kills: 0,
    faults: [`${each.host} ${JSON.stringify(each.crashes)}: ${String(error)}`],
  }));
  for (const fault of found) process.stdout.write(`${fault}\n`);
  faults.push(...found);
  const count = done.get(each.host) ?? { runs: 0, kills: 0, broken: 0 };
  done.set(each.host, {
    runs: count.runs + 1,
    kills: count.kills + kills,
    broken: count.broken + (found.length > 0 ? 1 : 0),
  });
  const all = [...done.values()].reduce((sum, { runs: some }) => sum + some, 0);
  if (all >= last + 20) {
    last = all;
    process.stdout.write(`${all} of ${cases.length} runs\n`);
  }
});
for (const { host, outcome } of runs) {
  const { runs: count, kills, broken } = done.get(host) ?? { runs: 0, kills: 0, broken: 0 };
  process.stdout.write(
    `${host}: ${outcome.end.end}; ${outcome.events.length} events; ${count} runs, ${kills} kills, ${broken} not as promised\n`,
  );
}
const total = [...done.values()].reduce((sum, { kills }) => sum + kills, 0);
process.stdout.write(
  `${cases.length} runs, ${total} kills, ${faults.length} faults, ${Math.round((performance.now() - since) / 1000)} s\n`,
);
process.exitCode = faults.length > 0 ? 1 : 0;
