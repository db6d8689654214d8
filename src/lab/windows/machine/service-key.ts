import type { Registry } from './registry.ts';
import { type Service, startValues } from './service.ts';

/** Where services have their keys. */
export const servicesKey = 'HKLM\\SYSTEM\\CurrentControlSet\\Services';

/** Writes what the service control manager keeps of a service into its key. */
export const writeServiceKey = (registry: Registry, service: Service, pid: number): void => {
  const key = `${servicesKey}\\${service.name}`;
  const put = (
    name: string,
    kind: 'DWord' | 'ExpandString' | 'String' | 'MultiString',
    data: number | string | readonly string[],
  ): void => {
    if (registry.data(key, name) !== data) void registry.set(key, { name, kind, data }, pid);
  };
  put('Type', 'DWord', service.type);
  put('Start', 'DWord', startValues[service.start]);
  put('ErrorControl', 'DWord', 1);
  put('ImagePath', 'ExpandString', service.path);
  put('DisplayName', 'String', service.displayName);
  put('ObjectName', 'String', service.account);
  if (service.dependsOn.length > 0 && registry.data(key, 'DependOnService') === undefined)
    put('DependOnService', 'MultiString', service.dependsOn);
  const delayed = registry.data(key, 'DelayedAutostart');
  if (service.delayedStart) put('DelayedAutostart', 'DWord', 1);
  else if (delayed === 1) put('DelayedAutostart', 'DWord', 0);
  if (service.trigger && !registry.find(`${key}\\TriggerInfo\\0`)) void registry.create(`${key}\\TriggerInfo\\0`, pid);
};
