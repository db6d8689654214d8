import { systemPid } from '../../windows/machine/change-feed.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import type { ServiceStart } from '../../windows/machine/services/service.ts';
import { imageOf, serviceDllOf } from '../../windows/machine/services/service-key.ts';
import { placeValues } from '../bases/base-registry.ts';
import type { FaultKinds } from '../fault-kinds.ts';

const hourMs = 3_600_000;

/** Stops a service where it runs, and those that need it first. */
const stopWithDependents = (machine: Machine, name: string): void => {
  for (const each of [...machine.services.dependents(name), machine.services.get(name)])
    if (each.state === 'Running') void machine.services.stop(each.name, systemPid);
};

/** The file that a service is made of is gone: its own program, or its DLL. */
const removeBinary = (machine: Machine, name: string): void => {
  const service = machine.services.get(name);
  const dll = serviceDllOf(machine.registry, service.name);
  const file = dll ?? imageOf(service.path);
  if (!service.isProtected) stopWithDependents(machine, name);
  if (machine.files.exists(file)) void machine.files.remove(file, systemPid, { force: true });
};

/** The process of a service ended by itself, some times; it is stopped now, and nothing keeps it from being started. */
const crash = (machine: Machine, name: string, times: number): void => {
  const service = machine.services.get(name);
  for (let n = times; n > 0; n--)
    machine.events.write({
      log: 'System',
      provider: 'Service Control Manager',
      id: 7034,
      level: 2,
      timeMs: machine.clock.wallMs() - n * 2 * hourMs,
      message: `The ${service.displayName} service terminated unexpectedly.  It has done this ${times - n + 1} time(s).`,
      data: [
        ['param1', service.displayName],
        ['param2', String(times - n + 1)],
      ],
    });
  if (service.state === 'Running') void machine.processes.end(service.pid, 0xc0000005 | 0, systemPid);
  service.exitCode = 1067;
};

/** Something that installs, or somebody who looks at the update page: what a repair must wait for. */
const startInstaller = (
  machine: Machine,
  program: 'servicing' | 'msi' | 'settings' | 'configuration-manager',
): void => {
  const start = (path: string, sessionId = 0): void => {
    const name = path.slice(path.lastIndexOf('\\') + 1).replace(/\.exe$/i, '');
    void machine.processes.start({ name, path, sessionId });
  };
  switch (program) {
    case 'servicing':
      start('C:\\Windows\\WinSxS\\amd64_microsoft-windows-servicingstack\\TiWorker.exe');
      if (machine.services.get('TrustedInstaller').state !== 'Running')
        void machine.services.start('TrustedInstaller', systemPid);
      return;
    case 'msi':
      start('C:\\Windows\\System32\\msiexec.exe');
      placeValues(machine, 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Installer\\InProgress', {});
      return;
    case 'settings':
      return start('C:\\Windows\\ImmersiveControlPanel\\SystemSettings.exe', 1);
    case 'configuration-manager':
      return start('C:\\Windows\\CCM\\CcmExec.exe');
  }
};

/** A service that does not work. */
export type ServiceFault =
  | { readonly kind: 'service-disabled'; readonly name: string }
  | { readonly kind: 'service-stuck'; readonly name: string; readonly asked?: boolean }
  | { readonly kind: 'service-missing'; readonly name: string }
  | { readonly kind: 'service-binary-missing'; readonly name: string }
  | { readonly kind: 'service-start-type'; readonly name: string; readonly start: ServiceStart }
  | { readonly kind: 'service-crashed'; readonly name: string; readonly times?: number }
  | { readonly kind: 'installer-busy'; readonly program?: 'servicing' | 'msi' | 'settings' | 'configuration-manager' };

/** States of services. */
export const serviceFaults: FaultKinds<ServiceFault> = {
  'service-disabled': (machine, { name }) => {
    void machine.services.configure(name, { start: 'Disabled' }, systemPid);
    stopWithDependents(machine, name);
  },
  'service-stuck': (machine, { name, asked }) => {
    const service = machine.services.get(name);
    service.stopHangs = true;
    if (!asked) return;
    if (service.state !== 'Running') void machine.services.start(name, systemPid);
    void machine.services.stop(name, systemPid);
  },
  'service-missing': (machine, { name }) => void machine.services.remove(name, systemPid),
  'service-binary-missing': (machine, { name }) => removeBinary(machine, name),
  'service-start-type': (machine, { name, start }) => void machine.services.configure(name, { start }, systemPid),
  'installer-busy': (machine, { program }) => startInstaller(machine, program ?? 'servicing'),
  'service-crashed': (machine, { name, times }) => crash(machine, name, times ?? 3),
};
