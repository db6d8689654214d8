import fc from 'fast-check';
import { describe, it } from 'vitest';
import { expectInvariants } from './invariants.ts';
import { scenarios } from './scenarios.ts';
import { type Mishap, tellStory } from './simulate.ts';

const mishap: fc.Arbitrary<Mishap> = fc.record({
  at: fc.integer({ min: 1, max: 320 }),
  kind: fc.constantFrom('kill' as const, 'drop' as const),
});

describe.each(scenarios)('I1 I2 I3 I9 hold under any schedule of failures: $name', (scenario) => {
  it('up to six kills and lost connections, wherever they fall', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(mishap, { maxLength: 6 }), fc.boolean(), async (mishaps, scriptsOutliveClients) => {
        const world = scenario.world();
        // A step may be in doubt more often than a run would bear: here it may.
        const told = await tellStory({
          ...scenario,
          world,
          mishaps,
          scriptsOutliveClients,
          limits: { doubtTries: 50 },
        });
        expectInvariants(scenario, world, told, JSON.stringify(mishaps));
      }),
      { numRuns: 60 },
    );
  });
});
