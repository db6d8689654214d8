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

/** A whole record, or nothing for the end of a file or one that was cut off. */
const readRecord = (text: string): unknown[] => {
  try {
    return [JSON.parse(text.replace(/^\uFEFF/, ''))];
  } catch {
    return [];
  }
};

const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('utf8');

/** The whole records of the ledgers that lie on a machine, file by file. */
const ledgersOf = ({ files }: Machine): LedgerRecord[][] =>
  Array.from(
    files.find(`${kitFolder}\\ledger`)?.children.values() ?? [],
    ({ bytes }) => textOf(bytes).split('\n').flatMap(readRecord) as LedgerRecord[],
  );

/** Whether the kit has just told in a ledger that it protects the host, and not yet how that ended. */
export const isProtectionBegun = (machine: Machine): boolean =>
  ledgersOf(machine).some((records) => {
    const last = records.at(-1);
    return last?.kind === 'intent' && last.data?.kind === 'protect';
  });

/** What the tasks of the kit became: each tells in a file of its own which process it is. */
const taskProcesses = ({ files }: Machine): unknown[] =>
  Array.from(files.find(`${kitFolder}\\tasks`)?.children.values() ?? [], (folder) => {
    const [started] = readRecord(textOf(folder.children.get('started.json')?.bytes)) as LedgerRecord['data'][];
    return started?.processId;
  });

/** Whether the process that a change ends is one of an attempt before: a ledger names it, or the task that it is. */
export const isFormerAttempt = (machine: Machine, { before }: Change): boolean => {
  if (typeof before !== 'object' || before === null || !('pid' in before)) return false;
  const { pid } = before;
  const isNamed = ledgersOf(machine).some((records) =>
    records.some(({ kind, data }) => kind === 'intent' && data?.processId === pid),
  );
  return isNamed || taskProcesses(machine).includes(pid);
};
