import type { Machine } from '../machine.ts';

const provider = 'Microsoft-Windows-WindowsUpdateClient';

/** An event of the update client: 19 installed, 20 failed, 43 begun. `hresult` is unsigned. */
export const writeUpdateEvent = (
  machine: Machine,
  id: 19 | 20 | 43,
  title: string,
  hresult = 0,
  atMs = machine.clock.wallMs(),
): void => {
  const code = `0x${hresult.toString(16).padStart(8, '0')}`;
  const offered =
    machine.update.offered.find((one) => one.title === title)?.updateId ?? '0c1d2e3f-4a5b-4c6d-8e7f-901a2b3c4d5e';
  const guid = ['updateGuid', `{${offered.toUpperCase()}}`] as const;
  machine.events.write({
    log: 'System',
    provider,
    id,
    level: id === 20 ? 2 : 4,
    task: 1,
    timeMs: atMs,
    message:
      id === 19
        ? `Installation Successful: Windows successfully installed the following update: ${title}`
        : id === 43
          ? `Installation Started: Windows has started installing the following update: ${title}`
          : `Installation Failure: Windows failed to install the following update with error ${code}: ${title}.`,
    data: [
      ...(id === 20 ? [['errorCode', code] as const] : []),
      ['updateTitle', title],
      guid,
      ['updateRevisionNumber', 1],
      ...(id === 43 ? [] : [['serviceGuid', '{00000000-0000-0000-0000-000000000000}'] as const]),
    ],
  });
};
