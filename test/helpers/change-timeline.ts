import type { Json } from '../../src/kernel/words.ts';
import type { Change } from '../../src/lab/windows/machine/change-feed.ts';
import type { LedgerRecord } from '../../src/remote/powershell/host-kit.ts';

/** What one target has seen: how often it was announced and undone by the ledger, and how often it was really changed. */
type TargetCount = { readonly target: string; before: number; undone: number; made: number };

const long: Readonly<Record<string, string>> = {
  'HKLM:': 'HKEY_LOCAL_MACHINE',
  'HKCU:': 'HKEY_CURRENT_USER',
  'HKU:': 'HKEY_USERS',
};

/** One spelling for targets of the ledger and of the lab. */
const spelled = (target: string): string =>
  target.replace(/^(HKLM:|HKCU:|HKU:)/i, (root) => long[root.toUpperCase()] ?? root).toLowerCase();

const wordOf = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value));

const renamedTo = (before: Json | undefined): Json | undefined =>
  typeof before === 'object' && before !== null && 'to' in before ? before['to'] : undefined;

/** Where the ledger says that a change takes place. A rename has two names: the way there and the way back. */
function targetsOf({ data }: LedgerRecord): readonly string[] {
  const before = data['before'];
  const renamed = renamedTo(before);
  return [data['target'], renamed].flatMap((each) => (typeof each === 'string' ? [spelled(each)] : []));
}

/**
 * Finds changes of the host that the ledger does not account for (I1): every target may have been changed once for each `before` record
 * and once for each `undone`; a change to a target that no record names was made by a program that a record announced, or by nobody.
 */
export function unaccounted(repairs: readonly Change[], records: readonly LedgerRecord[]): readonly string[] {
  const counts = new Map<string, TargetCount>();
  const bySeq = new Map(records.map((record) => [record.seq, record]));
  const count = (target: string): TargetCount => {
    const known = counts.get(target) ?? { target, before: 0, undone: 0, made: 0 };
    counts.set(target, known);
    return known;
  };
  let programs = 0;
  let renamesBack = 0;
  for (const record of records) {
    if (record.kind === 'before') {
      for (const target of targetsOf(record)) count(target).before += 1;
      if (record.data['change'] === 'program') programs += 1;
    }
    if (record.kind === 'undone') {
      const of = bySeq.get(Number(record.data['of']));
      if (of === undefined) continue;
      for (const target of targetsOf(of)) count(target).undone += 1;
      if (of.data['change'] === 'rename') renamesBack += 1;
    }
  }
  const faults: string[] = [];
  for (const { kind, target, n } of repairs) {
    // The registry side of a service's configuration is the same change, seen twice.
    if (kind.startsWith('registry.') && /\\currentcontrolset\\services\\[^\\]+:(start|delayedautostart)$/i.test(target))
      continue;
    const known = counts.get(spelled(target));
    if (known !== undefined) known.made += 1;
    else if (programs === 0) faults.push(`#${n} ${kind} ${target}: no record of the ledger announces it`);
  }
  for (const { target, before, undone, made } of counts.values()) {
    // A rename that is put back stops once more the services that would hold the folder.
    if (made > before + undone + renamesBack)
      faults.push(`${target} was changed ${made} times; the ledger announces ${before} and undoes ${undone}`);
  }
  return faults;
}

/** Changes that were recorded again by a later attempt while an earlier one's stood (I1): must be empty. */
export function repeated(records: readonly LedgerRecord[]): readonly string[] {
  const open = new Map<number, LedgerRecord>();
  const faults: string[] = [];
  for (const record of records) {
    if (record.kind === 'undone' && record.data['ok'] === true) open.delete(Number(record.data['of']));
    if (record.kind !== 'before') continue;
    const { step, change, target } = record.data;
    for (const other of open.values())
      if (
        other.token !== record.token &&
        other.data['step'] === step &&
        other.data['change'] === change &&
        other.data['target'] === target
      )
        faults.push(
          `record ${record.seq} makes ${wordOf(change)} ${wordOf(target)} again, which record ${other.seq} made`,
        );
    open.set(record.seq, record);
  }
  return faults;
}

/** What stands at the end, as `step change target`, in order: changes that were made and not undone. */
export function standing(records: readonly LedgerRecord[]): readonly string[] {
  const undone = new Set(
    records.flatMap(({ kind, data }) => (kind === 'undone' && data['ok'] === true ? [Number(data['of'])] : [])),
  );
  return records.flatMap(({ kind, seq, data }) =>
    kind === 'before' && !undone.has(seq)
      ? [`${wordOf(data['step'])} ${wordOf(data['change'])} ${wordOf(data['target'])}`]
      : [],
  );
}
