import type { Machine } from '../../../../src/lab/windows/machine/machine.ts';

/** Restarts a machine and waits until it is up again. */
export const restarted = async (machine: Machine): Promise<void> => {
  machine.power.awayRealMs = 1;
  await new Promise<void>((resolve) => {
    const ignore = machine.power.watch((state) => {
      if (state !== 'up') return;
      ignore();
      resolve();
    });
    machine.power.restart();
  });
};
