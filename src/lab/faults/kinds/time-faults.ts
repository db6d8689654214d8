import { systemPid } from '../../windows/machine/change-feed.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { placeValues } from '../bases/base-registry.ts';
import type { FaultKinds } from '../fault-kinds.ts';

/** The clock is off: the time service does not run, or it runs and asks a server that is silent. */
const skewClock = (machine: Machine, minutes: number, cause: 'service-stopped' | 'server-silent'): void => {
  machine.clock.skewMs = minutes * 60_000;
  const service = machine.services.get('W32Time');
  if (cause === 'service-stopped') {
    if (service.state === 'Running') void machine.services.stop(service.name, systemPid);
    return;
  }
  placeValues(machine, 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\Parameters', {
    NtpServer: 'clock.old-domain.example,0x8',
    Type: 'NTP',
  });
  if (service.state !== 'Running') void machine.services.start(service.name, systemPid);
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
