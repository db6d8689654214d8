import { systemPid } from '../change-feed.ts';
import type { EventLogs } from '../event-log.ts';
import type { Registry } from '../registry/registry.ts';
import { Win32Fault, win32 } from '../win32-fault.ts';
import type { Service } from './service.ts';
import { writeStartFailedEvent, writeStoppedEvent } from './service-events.ts';
import { imageOf, isMarkedDeleted, isServiceKey, readServiceKey, serviceDllOf, servicesKey } from './service-key.ts';

/** The program of a service must be there, and so must the DLL of one that runs in svchost. @throws Win32Fault 2 or 126 */
export const requireFiles = (
  service: Service,
  parts: { readonly registry: Registry; readonly events: EventLogs; readonly fileExists: (path: string) => boolean },
): void => {
  const dll = serviceDllOf(parts.registry, service.name);
  const code = !parts.fileExists(imageOf(service.path)) ? win32.fileNotFound : dll && !parts.fileExists(dll) ? 126 : 0;
  if (code === 0) return;
  if (code === 126) writeStoppedEvent(parts.events, service, code);
  else writeStartFailedEvent(parts.events, service, code);
  throw new Win32Fault(code, service.name);
};

/** What the key of a service says; what it does not say is not kept there. */
const configured = (read: Service, known: Service): Partial<Service> => ({
  start: read.start,
  delayedStart: read.delayedStart,
  displayName: read.displayName,
  description: read.description || known.description,
  dependsOn: read.dependsOn,
  account: read.account,
  path: read.path,
  type: read.type,
  trigger: read.trigger,
  isDeleted: false,
});

/** Windows starts: keys of services that were deleted while they ran go, and what the registry has of services is what there is from now on. */
export const readDatabase = (services: Map<string, Service>, registry: Registry): void => {
  for (const name of Array.from(registry.find(servicesKey)?.keys.values() ?? [], (key) => key.name))
    if (isMarkedDeleted(registry, name)) void registry.remove(`${servicesKey}\\${name}`, systemPid);
  for (const service of services.values())
    if (!isServiceKey(registry, service.name)) services.delete(service.name.toLowerCase());
  for (const { name } of registry.find(servicesKey)?.keys.values() ?? []) {
    const read = readServiceKey(registry, name);
    if (!read) continue;
    const known = services.get(name.toLowerCase());
    services.set(name.toLowerCase(), known ? { ...known, ...configured(read, known), state: 'Stopped', pid: 0 } : read);
  }
};
