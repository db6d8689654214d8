import { systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { Win32Fault } from '../win32-fault.ts';
import { hasLicences, launchResults } from './app-launch.ts';

const disabled = 0x80070422;

const startService = (machine: Machine, name: string): boolean => {
  const service = machine.services.find(name);
  if (service?.state === 'Running') return true;
  try {
    void machine.services.start(name, systemPid);
    return true;
  } catch (error) {
    if (!(error instanceof Win32Fault)) throw error;
    return false;
  }
};

/** Looks for updates of apps, as the Store's install service does by itself: services, licences and the default volume must be in order. */
export const scanForApps = (machine: Machine): void => {
  const { apps, events } = machine;
  const services = ['InstallService', 'ClipSVC', 'AppXSvc'].every((name) => startService(machine, name));
  const volume = apps.defaultVolume();
  const result = !services
    ? disabled
    : !hasLicences(machine)
      ? launchResults.licence
      : !volume || volume.isOffline
        ? launchResults.volumeOffline
        : 0;
  apps.lastScanResult = result;
  if (result === 0) return;
  const code = `0x${(result >>> 0).toString(16).toUpperCase()}`;
  events.write({
    log: 'Microsoft-Windows-Store/Operational',
    provider: 'Microsoft-Windows-Install-Agent',
    id: 2002,
    level: 2,
    message: `Error: ${code}`,
    data: [['HRESULT', code]],
  });
};
