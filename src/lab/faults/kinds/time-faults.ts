import type { Machine } from '../../windows/machine/machine.ts';
import { placeValues } from '../bases/base-registry.ts';
import type { FaultKinds } from '../fault-kinds.ts';

const skewClock = (machine: Machine, minutes: number, cause: 'service-stopped' | 'server-silent'): void => {
  machine.clock.skewMs = minutes * 60_000;
  if (cause === 'server-silent')
    placeValues(machine, 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\Parameters', {
      NtpServer: 'clock.old-domain.example,0x8',
    });
};

/** A wrong clock. */
export type TimeFault = {
  readonly kind: 'clock-skew';
  readonly minutes: number;
  readonly cause?: 'service-stopped' | 'server-silent';
};

/** States of the clock. */
export const timeFaults: FaultKinds<TimeFault> = {
  'clock-skew': (machine, { minutes, cause }) => skewClock(machine, minutes, cause ?? 'service-stopped'),
};
