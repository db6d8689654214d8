import type { Touches } from '../../../src/kernel/words.ts';
import type { FakeWorld } from './fake-world.ts';

/** Facts of a fake host: the file that bears a step's name stands for all that the step changes, any other for the value of its name. */
export function touchedFacts(world: FakeWorld, touches: readonly Touches[]): { readonly [name: string]: string } {
  const targets = new Set(
    touches.flatMap(({ files = [] }) =>
      files.flatMap((name) => world.steps[name]?.changes.map(({ target }) => target) ?? [name]),
    ),
  );
  const there = [...world.values].filter(([target]) => targets.has(target));
  return Object.fromEntries(there.map(([name, value]) => [`value:${name}`, value]));
}
