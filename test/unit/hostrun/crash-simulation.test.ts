import { describe, expect, it } from 'vitest';
import { expectInvariants } from './invariants.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { type Mishap, tellStory } from './simulate.ts';

/** How many stories were told, so that no test passes on an empty list. */
async function tellAll(scenario: Scenario, plans: readonly (readonly Mishap[])[], scriptsOutliveClients: boolean) {
  let told = 0;
  for (const mishaps of plans) {
    const world = scenario.world();
    const story = await tellStory({ ...scenario, world, mishaps, scriptsOutliveClients });
    const note = `${scenario.name}: ${mishaps.map(({ at, kind }) => `${kind} at ${at} (${story.moments[at - 1]})`).join(', ')}`;
    expectInvariants(scenario, world, story, note);
    told += 1;
  }
  return told;
}

async function momentsOf(scenario: Scenario): Promise<number> {
  const world = scenario.world();
  const told = await tellStory({ ...scenario, world });
  expectInvariants(scenario, world, told, scenario.name);
  return told.moments.length;
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe.each(scenarios)('I1 I2 I3 I8 I9 hold: $name', (scenario) => {
  it.each([
    { goesOn: false, kind: 'kill' as const },
    { goesOn: true, kind: 'kill' as const },
    { goesOn: true, kind: 'drop' as const },
  ])('with a $kind at every single moment, scripts going on by themselves: $goesOn', async ({ goesOn, kind }) => {
    const count = await momentsOf(scenario);
    const plans = upTo(count).map((at) => [{ at, kind }]);
    expect(await tellAll(scenario, plans, goesOn)).toBe(count);
  });

  it.each([9])('with three kills of the same host run, each %i moments after the one before', async (step) => {
    const count = await momentsOf(scenario);
    const kill = (at: number) => ({ at, kind: 'kill' as const });
    const plans = upTo(count).map((at) => [kill(at), kill(at + step), kill(at + 2 * step)]);
    expect(await tellAll(scenario, plans, step % 2 === 1)).toBe(count);
  });
});
