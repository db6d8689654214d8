import type { EventLogs } from '../event-log.ts';

const provider = 'Microsoft-Windows-WindowsUpdateClient';
/** The agent's own log. */
export const operationalLog = `${provider}/Operational`;
const serviceGuid = '{9482F4B4-E343-43B6-B170-9A65BC822C77}';

const hex = (hresult: number): string => `0x${(hresult >>> 0).toString(16).padStart(8, '0')}`;

/** The update that an event is about. */
type Named = { readonly title: string; readonly updateId: string };

const about = ({ title, updateId }: Named): (readonly [string, string | number])[] => [
  ['updateTitle', title],
  ['updateGuid', `{${updateId.toUpperCase()}}`],
  ['updateRevisionNumber', 200],
];

/** Event 26: the search ended well. */
export const searchFound = (events: EventLogs, count: number): void => {
  events.write({
    log: operationalLog,
    provider,
    id: 26,
    task: 1,
    message: `Windows Update successfully found ${count} updates.`,
    data: [
      ['updateCount', count],
      ['serviceGuid', serviceGuid],
    ],
  });
};

/** Event 25: the search failed. */
export const searchFailed = (events: EventLogs, hresult: number): void => {
  events.write({
    log: operationalLog,
    provider,
    id: 25,
    level: 2,
    task: 1,
    message: `Windows Update failed to check for updates with error ${hex(hresult)}.`,
    data: [
      ['errorCode', hex(hresult)],
      ['serviceGuid', serviceGuid],
    ],
  });
};

/** Event 44: a download begins (System log). */
export const downloadStarted = (events: EventLogs, update: Named): void => {
  events.write({
    log: 'System',
    provider,
    id: 44,
    task: 1,
    message: `Windows Update started downloading an update: ${update.title}`,
    data: about(update),
  });
};

/** Event 41: it is there. */
export const downloaded = (events: EventLogs, update: Named): void => {
  events.write({
    log: operationalLog,
    provider,
    id: 41,
    task: 1,
    message: `An update was downloaded: ${update.title}`,
    data: about(update),
  });
};

/** Event 31: it could not be downloaded. */
export const downloadFailed = (events: EventLogs, update: Named, hresult: number): void => {
  events.write({
    log: operationalLog,
    provider,
    id: 31,
    level: 2,
    task: 1,
    message: `Windows Update failed to download an update: ${update.title}`,
    data: [['errorCode', hex(hresult)], ...about(update), ['serviceGuid', serviceGuid]],
  });
};

/** Event 43: an installation begins. */
export const installStarted = (events: EventLogs, update: Named): void => {
  events.write({
    log: 'System',
    provider,
    id: 43,
    task: 1,
    message: `Installation Started: Windows has started installing the following update: ${update.title}`,
    data: [...about(update), ['serviceGuid', serviceGuid]],
  });
};

/** Event 19: it is installed. */
export const installed = (events: EventLogs, update: Named): void => {
  events.write({
    log: 'System',
    provider,
    id: 19,
    task: 1,
    message: `Installation Successful: Windows successfully installed the following update: ${update.title}`,
    data: [...about(update), ['serviceGuid', serviceGuid]],
  });
};

/** Event 20: it is not. */
export const installFailed = (events: EventLogs, update: Named, hresult: number): void => {
  events.write({
    log: 'System',
    provider,
    id: 20,
    level: 2,
    task: 1,
    message: `Installation Failure: Windows failed to install the following update with error ${hex(hresult)}: ${update.title}.`,
    data: [['errorCode', hex(hresult)], ...about(update), ['serviceGuid', serviceGuid]],
  });
};
