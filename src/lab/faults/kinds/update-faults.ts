import type { Machine } from '../../windows/machine/machine.ts';
import { updateNames } from '../../windows/machine/network/site.ts';
import { encodeDatabase } from '../../windows/machine/updates/update-database.ts';
import type { FaultKinds } from '../fault-kinds.ts';
import { offerCumulative } from './offer-update.ts';

const hourMs = 3_600_000;
const client = 'Microsoft-Windows-WindowsUpdateClient';
const database = 'C:\\Windows\\SoftwareDistribution\\DataStore\\DataStore.edb';

/**
 * The update database no longer fits the downloaded files, or is damaged itself. The damage is in the file: it goes where the file goes.
 */
const corruptCache = (machine: Machine, damage: 'missing-payload' | 'database'): void => {
  const now = machine.clock.wallMs();
  const node = machine.files.get(database);
  const { title, updateId } = offerCumulative(machine);
  const failed = (hours: number) => ({
    title,
    updateId,
    atMs: now - hours * hourMs,
    operation: 1,
    resultCode: 4,
    hresult: 0x80070002 | 0,
  });
  const content = encodeDatabase({
    payloads: [
      { file: `C:\\Windows\\SoftwareDistribution\\Download\\${updateId.replaceAll('-', '')}\\windows.cab`, updateId },
    ],
    history: [failed(52), failed(27), failed(3)],
  });
  node.bytes = damage === 'database' ? content.slice(0, Math.floor(content.length / 2)) : content;
  node.sizeBytes = node.bytes.length;
  for (const hours of [52, 27, 3]) {
    machine.events.write({
      log: 'System',
      provider: client,
      id: 20,
      level: 2,
      task: 1,
      timeMs: now - hours * hourMs,
      message: `Installation Failure: Windows failed to install the following update with error 0x80070002: ${title}.`,
      data: [
        ['errorCode', '0x80070002'],
        ['updateTitle', title],
        ['updateGuid', `{${updateId.toUpperCase()}}`],
        ['updateRevisionNumber', 200],
        ['serviceGuid', '{7971F918-A847-4430-9279-4A52D1EFE18D}'],
      ],
    });
    machine.events.write({
      log: `${client}/Operational`,
      provider: client,
      id: 25,
      level: 2,
      task: 1,
      timeMs: now - hours * hourMs - 60_000,
      message: 'Windows Update failed to check for updates.',
      data: [
        ['errorCode', '0x80070002'],
        ['serviceGuid', '{9482F4B4-E343-43B6-B170-9A65BC822C77}'],
      ],
    });
  }
  if (damage === 'database') {
    machine.events.write({
      log: 'Application',
      provider: 'ESENT',
      id: 454,
      level: 2,
      timeMs: now - 3 * hourMs,
      message: 'Database recovery failed.',
      data: [
        ['', 'wuaueng.dll'],
        ['', '1234'],
        ['', 'SUS20ClientDataStore: '],
        ['', database],
        ['', '-1216'],
      ],
    });
  }
};

/** What keeps updates from being found or installed. */
export type UpdateFault =
  | { readonly kind: 'update-cache-corrupt'; readonly damage?: 'missing-payload' | 'database' }
  | { readonly kind: 'update-source-unreachable' };

/** States of the update client and of where it gets its files. */
export const updateFaults: FaultKinds<UpdateFault> = {
  'update-cache-corrupt': (machine, { damage }) => corruptCache(machine, damage ?? 'missing-payload'),
  'update-source-unreachable': (machine) => machine.network.change(updateNames[0], { ports: {}, answersPing: false }),
};
