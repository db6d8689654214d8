import { systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { readImageContent } from './image-file.ts';

/** An event of servicing in the Setup log: 2 done, 3 failed, 4 a restart is needed. */
export const writeServicing = (machine: Machine, id: 2 | 3 | 4, kb: string, message: string, code = '0x0'): void => {
  machine.events.write({
    log: 'Setup',
    provider: 'Microsoft-Windows-Servicing',
    id,
    level: id === 3 ? 2 : 4,
    message,
    data: [
      ['PackageIdentifier', kb],
      ['IntendedPackageState', '5112'],
      ['ErrorCode', code],
      ['Client', 'DISM Package Manager Provider'],
    ],
  });
};

/** The event of an update that is complete. */
export const writeInstalled = (machine: Machine, kb: string): void =>
  writeServicing(machine, 2, kb, `Package ${kb} was successfully changed to the Installed state.`);

/** A service whose file an update broke crashes soon after each start. */
export const watchFlaws = (machine: Machine, name: string): void => {
  const { services, files, clock, processes } = machine;
  services.setRoutine(name, {
    started: (service) => {
      const file = files.find('C:\\Windows\\System32\\localspl.dll');
      const flaw = readImageContent<{ readonly crashes?: string }>(file?.bytes, 'system-file');
      if (flaw?.crashes?.toLowerCase() !== service.name.toLowerCase()) return;
      const { pid } = service;
      clock.after(2000, () => {
        if (processes.get(pid)) void processes.end(pid, 0xc0000005 | 0, systemPid);
      });
    },
  });
};
