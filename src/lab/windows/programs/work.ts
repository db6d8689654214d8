import type { Machine } from '../machine/machine.ts';

/** Waits in short steps, so that whoever polls sees the program running and timers come when they are due. */
export function* work(
  machine: Machine,
  pid: number,
  ms: number,
  step: (share: number) => void = () => undefined,
): Generator<Promise<void> | undefined, void, unknown> {
  const steps = 20;
  for (let n = 1; n <= steps; n++) {
    yield machine.clock.wait(pid, ms / steps);
    step(n / steps);
  }
}
