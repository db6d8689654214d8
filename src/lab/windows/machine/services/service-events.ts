import type { EventLogs, NewEvent } from '../event-log.ts';
import type { Service, ServiceStart } from './service.ts';

const startWords: Readonly<Record<ServiceStart, string>> = {
  Boot: 'boot start',
  System: 'system start',
  Automatic: 'auto start',
  Manual: 'demand start',
  Disabled: 'disabled',
};

const write = (events: EventLogs, id: number, level: number, message: string, data: NewEvent['data']): void => {
  events.write({ log: 'System', provider: 'Service Control Manager', id, level, message, data: data ?? [] });
};

/** Event 7036: a service has entered a state. */
export const writeStateEvent = (events: EventLogs, service: Service, state: string): void =>
  write(events, 7036, 4, `The ${service.displayName} service entered the ${state} state.`, [
    ['param1', service.displayName],
    ['param2', state],
  ]);

/** Event 7040: the start type of a service was changed. */
export const writeStartTypeEvent = (events: EventLogs, service: Service, before: ServiceStart): void =>
  write(
    events,
    7040,
    4,
    `The start type of the ${service.displayName} service was changed from ${startWords[before]} to ${startWords[service.start]}.`,
    [
      ['param1', service.displayName],
      ['param2', startWords[before]],
      ['param3', startWords[service.start]],
      ['param4', service.name],
    ],
  );

/** Event 7000: a service could not be started. */
export const writeStartFailedEvent = (events: EventLogs, service: Service, code: number): void =>
  write(events, 7000, 2, `The ${service.displayName} service failed to start.`, [
    ['param1', service.displayName],
    ['param2', `%%${code}`],
  ]);

/** Event 7034: the process of a service ended unexpectedly. */
export const writeCrashEvent = (events: EventLogs, service: Service): void =>
  write(events, 7034, 2, `The ${service.displayName} service terminated unexpectedly.`, [
    ['param1', service.displayName],
    ['param2', '1'],
  ]);

/** Event 7023: a service ended by itself with an error. */
export const writeStoppedEvent = (events: EventLogs, service: Service, code: number): void =>
  write(events, 7023, 2, `The ${service.displayName} service terminated with the following error: %%${code}`, [
    ['param1', service.displayName],
    ['param2', `%%${code}`],
  ]);
