import { systemPid } from '../change-feed.ts';
import type { Registry } from '../registry/registry.ts';
import { type Service, type ServiceStart, startValues, usualServiceSddl } from './service.ts';

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

const deleteFlag = 'DeleteFlag';

/** Marks the key of a service that is deleted while it runs. */
export const markDeleted = (registry: Registry, name: string): void => {
  const key = `${servicesKey}\\${name}`;
  if (registry.find(key)) void registry.set(key, { name: deleteFlag, kind: 'DWord', data: 1 }, systemPid);
};

/** Whether a key says that its service goes with the next start of Windows. */
export const isMarkedDeleted = (registry: Registry, name: string): boolean =>
  registry.data(`${servicesKey}\\${name}`, deleteFlag) === 1;

const text = (data: unknown): string => (typeof data === 'string' ? data : '');

/** Path with the folder of Windows for %SystemRoot% and \SystemRoot. */
export const expandSystemRoot = (path: string): string => path.replace(/%systemroot%|^\\systemroot/i, 'C:\\Windows');

/** The program of a service's command line. */
export const imageOf = (commandLine: string): string => {
  const found = /^"([^"]+)"|^(\S+)/.exec(commandLine);
  return expandSystemRoot(found?.[1] ?? found?.[2] ?? '');
};

/** The DLL of a service that runs in svchost; `undefined` where none is registered. */
export const serviceDllOf = (registry: Registry, name: string): string | undefined => {
  const dll = registry.data(`${servicesKey}\\${name}\\Parameters`, 'ServiceDll');
  return typeof dll === 'string' ? expandSystemRoot(dll) : undefined;
};

const startOf = (registry: Registry, name: string): ServiceStart | undefined => {
  const start = registry.data(`${servicesKey}\\${name}`, 'Start');
  return (Object.keys(startValues) as ServiceStart[]).find((one) => startValues[one] === start);
};

/** Whether a key has the two values without which Windows loads no service from it. */
export const isServiceKey = (registry: Registry, name: string): boolean =>
  typeof registry.data(`${servicesKey}\\${name}`, 'Type') === 'number' && startOf(registry, name) !== undefined;

/** A service as its key describes it, as the control manager reads it when Windows starts; `undefined` for drivers and incomplete keys. */
export const readServiceKey = (registry: Registry, name: string): Service | undefined => {
  const key = `${servicesKey}\\${name}`;
  const read = (value: string): unknown => registry.data(key, value);
  const type = read('Type');
  const start = startOf(registry, name);
  if (typeof type !== 'number' || (type & 0x30) === 0 || start === undefined || text(read('ImagePath')) === '')
    return undefined;
  const needs = read('DependOnService');
  return {
    name,
    displayName: text(read('DisplayName')) || name,
    description: text(read('Description')),
    start,
    delayedStart: read('DelayedAutostart') === 1,
    trigger: registry.find(`${key}\\TriggerInfo`) !== undefined,
    wantedAfterMs: undefined,
    state: 'Stopped',
    pid: 0,
    dependsOn: Array.isArray(needs) ? needs.map(String) : [],
    account: text(read('ObjectName')) || 'LocalSystem',
    path: text(read('ImagePath')),
    type: type & 0x30,
    exitCode: 1077,
    sddl: usualServiceSddl,
    hostGroup: undefined,
    isProtected: false,
    stopHangs: false,
  };
};
