import type { Machine } from '../machine.ts';
import type { ConfigError } from './config-xml.ts';

const was = 'Microsoft-Windows-WAS';

// Level and text of the events of the process activation service by id.
const poolTexts: Readonly<Record<number, readonly [level: number, text: (pool: string) => string]>> = {
  5002: [
    2,
    (pool) =>
      `Application pool '${pool}' is being automatically disabled due to a series of failures in the process(es) serving that application pool.`,
  ],
  5021: [
    3,
    (pool) =>
      `The identity of application pool ${pool} is invalid. The user name or password that is specified for the identity may be incorrect, or the user may not have batch logon rights.`,
  ],
  5057: [
    3,
    (pool) =>
      `Application pool ${pool} has been disabled. Windows Process Activation Service (WAS) did not create a worker process to serve the application pool because the application pool identity is invalid.`,
  ],
  5059: [
    2,
    (pool) =>
      `Application pool ${pool} has been disabled. Windows Process Activation Service (WAS) encountered a failure when it started a worker process to serve the application pool.`,
  ],
  5117: [
    4,
    (pool) =>
      `A worker process serving application pool '${pool}' has requested a recycle because it reached its private bytes memory limit.`,
  ],
};

/** Writes an event of WAS about a pool. */
export const writePoolEvent = (machine: Machine, id: number, pool: string): void => {
  const [level, text] = poolTexts[id] ?? [2, () => ''];
  machine.events.write({ log: 'System', provider: was, id, level, message: text(pool), data: [['AppPoolID', pool]] });
};

/** Writes that the configuration cannot be read. */
export const writeUnreadableEvent = (machine: Machine, { file, line, message, hresult }: ConfigError): void => {
  machine.events.write({
    log: 'System',
    provider: was,
    id: 5172,
    level: 2,
    message: `The Windows Process Activation Service encountered an error trying to read configuration data from file '\\\\?\\${file}', line number '${line ?? 0}'. The error message is: '${message}'. The data field contains the error number.`,
    data: [
      ['File', `\\\\?\\${file}`],
      ['LineNumber', String(line ?? 0)],
      ['ErrorMessage', message],
      ['ErrorCode', `0x${(hresult >>> 0).toString(16).toUpperCase()}`],
    ],
  });
};

/** Writes that a worker process could not load a module. */
export const writeModuleEvent = (machine: Machine, dll: string): void => {
  machine.events.write({
    log: 'Application',
    provider: 'Microsoft-Windows-IIS-W3SVC-WP',
    id: 2280,
    level: 2,
    message: `The Module DLL ${dll} failed to load.  The data is the error.`,
    data: [['ModuleDll', dll]],
  });
};
