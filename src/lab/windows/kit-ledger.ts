import type { Change } from './machine/change-feed.ts';
import type { Machine } from './machine/machine.ts';

/** Folder in which the host kit keeps its own things. */
export const kitFolder = 'C:\\ProgramData\\Kintsugi';

/** What of a record of the kit's ledger tells whose a change is. */
type LedgerRecord = {
  readonly kind?: string;
  readonly data?: {
    readonly kind?: string;
    readonly processId?: number;
  };
};

/** The whole records of the ledgers that lie on a machine, file by file. */
const ledgersOf = ({ files }: Machine): LedgerRecord[][] =>
  Array.from(files.find(`${kitFolder}\\ledger`)?.children.values() ?? [], ({ bytes }) =>
    Buffer.from(bytes ?? [])
      .toString('utf8')
      .split('\n')
      .flatMap((line): LedgerRecord[] => {
        try {
          return [JSON.parse(line)];
        } catch {
          return []; // The end of the file, or a record that was cut off.
        }
      }),
  );

/** Whether the kit has just told in a ledger that it protects the host, and not yet how that ended. */
export const isProtectionBegun = (machine: Machine): boolean =>
  ledgersOf(machine).some((records) => {
    const last = records.at(-1);
    return last?.kind === 'intent' && last.data?.kind === 'protect';
  });

/** Whether the process that a change ends is one of an attempt before: a ledger names it. */
export const isFormerAttempt = (machine: Machine, { before }: Change): boolean =>
  typeof before === 'object' &&
  before !== null &&
  'pid' in before &&
  ledgersOf(machine).some((records) =>
    records.some(({ kind, data }) => kind === 'intent' && data?.processId === before.pid),
  );
