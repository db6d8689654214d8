import { Failure } from '../../../../kernel/failure.ts';
import type { Held } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { DatabaseFault, recommendedIndexes } from './update-database.ts';

/** What a statement gave: rows under named columns, and how many rows it changed (-1 where it does not tell). */
export type SqlResult = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly affected: number;
};

const nothing: SqlResult = { columns: [], rows: [], affected: -1 };
const table = (columns: readonly string[], rows: SqlResult['rows']): SqlResult => ({ columns, rows, affected: -1 });
const megabyte = 2 ** 20;

type Running = Generator<Held, SqlResult, unknown>;
type Statement = {
  readonly form: RegExp;
  readonly run: (machine: Machine, found: RegExpExecArray, limitMs: number, pid: number) => Running;
};

/** Waits as long as work takes, or until the command's time is over. */
function* take(machine: Machine, workMs: number, limitMs: number, pid: number): Generator<Held, void, unknown> {
  const isOver = limitMs > 0 && workMs > limitMs;
  yield machine.clock.wait(pid, isOver ? limitMs : workMs);
  if (isOver)
    throw new DatabaseFault(
      -2,
      'Execution Timeout Expired.  The timeout period elapsed prior to completion of the operation or the server is not responding.',
    );
}

const statements: readonly Statement[] = [
  {
    form: /^exec(?:ute)?\s+(?:dbo\.)?spGetObsoleteUpdatesToCleanup/i,
    *run(machine, _found, limitMs, pid) {
      const { database } = machine.wsus;
      const rows = database.obsolete();
      yield* take(machine, 2000 + (rows.length * database.deleteMs) / 20, limitMs, pid);
      return table(
        ['LocalUpdateID'],
        rows.map(({ localId }) => [localId]),
      );
    },
  },
  {
    form: /^exec(?:ute)?\s+(?:dbo\.)?spDeleteUpdate\s+(?:@localUpdateID\s*=\s*)?(\d+)/i,
    *run(machine, found, limitMs, pid) {
      const { database } = machine.wsus;
      const update = database.content.updates.find(({ localId }) => localId === Number(found[1]));
      if (!update)
        throw new DatabaseFault(
          50_000,
          `spDeleteUpdate got error from spDeleteRevision: the update ${found[1]} was not found.`,
        );
      yield* take(machine, database.deleteMs, limitMs, pid);
      yield database.delete(new Set([update.id]), pid);
      return { ...nothing, affected: 1 };
    },
  },
  {
    form: /^backup\s+database\s+\[?SUSDB\]?\s+to\s+disk\s*=\s*N?'([^']+)'/i,
    *run(machine, found, limitMs, pid) {
      const { database } = machine.wsus;
      yield* take(machine, (database.sizeBytes / megabyte) * 10, limitMs, pid);
      yield database.backup(found[1] ?? '', pid);
      return nothing;
    },
  },
  {
    form: /^restore\s+verifyonly\s+from\s+disk\s*=\s*N?'([^']+)'/i,
    *run(machine, found, limitMs, pid) {
      yield* take(machine, (machine.wsus.database.sizeBytes / megabyte) * 5, limitMs, pid);
      machine.wsus.database.verify(found[1] ?? '');
      return nothing;
    },
  },
  {
    form: /^restore\s+database\s+\[?SUSDB\]?\s+from\s+disk\s*=\s*N?'([^']+)'/i,
    *run(machine, found, limitMs, pid) {
      yield* take(machine, (machine.wsus.database.sizeBytes / megabyte) * 10, limitMs, pid);
      yield machine.wsus.database.restore(found[1] ?? '', pid);
      return nothing;
    },
  },
  {
    form: /^create\s+(?:nonclustered\s+)?index\s+\[?(\w+)\]?\s+on\s+(?:\[?dbo\]?\.)?\[?(tbLocalizedPropertyForRevision|tbRevisionSupersedesUpdate)\]?\s*\(/i,
    *run(machine, found, limitMs, pid) {
      const { content } = machine.wsus.database;
      const name = found[1] ?? '';
      if (content.indexes.some((one) => one.toLowerCase() === name.toLowerCase()))
        throw new DatabaseFault(
          1913,
          `The operation failed because an index or statistics with name '${name}' already exists on table 'dbo.${found[2]}'.`,
        );
      yield* take(machine, 5000 + content.updates.length * 20, limitMs, pid);
      const known = recommendedIndexes[/^tbLocalized/i.test(found[2] ?? '') ? 0 : 1];
      content.indexes = [
        ...content.indexes,
        ...(content.indexes.includes(known) ? [name] : [known, ...(name === known ? [] : [name])]),
      ];
      yield machine.wsus.database.changed('index', name, undefined, found[2], pid);
      return nothing;
    },
  },
  {
    form: /^drop\s+index\s+(?:\[?dbo\]?\.)?(?:\[?\w+\]?\.)?\[?(\w+)\]?/i,
    *run(machine, found, _limitMs, pid) {
      const { content } = machine.wsus.database;
      content.indexes = content.indexes.filter((one) => one.toLowerCase() !== found[1]?.toLowerCase());
      yield machine.wsus.database.changed('index', found[1] ?? '', 'there', undefined, pid);
      return nothing;
    },
  },
  {
    form: /^select\b.*\bsys\.indexes\b.*\bname\s*(?:=\s*N?'(\w+)'|in\s*\(([^)]*)\))/is,
    *run(machine, found) {
      const wanted = [...(found[1] === undefined ? (found[2] ?? '').matchAll(/'(\w+)'/g) : [[found[0], found[1]]])].map(
        ([, name]) => (name ?? '').toLowerCase(),
      );
      yield undefined;
      const rows = machine.wsus.database.content.indexes.filter((name) => wanted.includes(name.toLowerCase()));
      return /count\s*\(/i.test(found[0])
        ? table([''], [[rows.length]])
        : table(
            ['name'],
            rows.map((name) => [name]),
          );
    },
  },
  {
    form: /^select\b.*\b(?:dm_db_index_physical_stats)\b/is,
    *run(machine) {
      yield undefined;
      return table(['avg_fragmentation_in_percent'], [[Math.round(machine.wsus.database.content.fragmentation)]]);
    },
  },
  {
    form: /^(?:alter\s+index\s+all\b.*\b(?:rebuild|reorganize)|exec(?:ute)?\s+sp_MSforeachtable\b|dbcc\s+dbreindex)/is,
    *run(machine, _found, limitMs, pid) {
      const { database } = machine.wsus;
      yield* take(machine, (database.sizeBytes / megabyte) * 60, limitMs, pid);
      yield database.reindex(pid);
      return nothing;
    },
  },
  {
    form: /^exec(?:ute)?\s+sp_updatestats\b/i,
    *run(machine, _found, limitMs, pid) {
      yield* take(machine, 60_000, limitMs, pid);
      return nothing;
    },
  },
  {
    form: /^dbcc\s+shrink(?:database|file)\b/i,
    *run(machine, _found, limitMs, pid) {
      yield* take(machine, (machine.wsus.database.sizeBytes / megabyte) * 20, limitMs, pid);
      yield machine.wsus.database.shrink(pid);
      return nothing;
    },
  },
  {
    form: /^select\b.*\bsum\s*\(.*\bsize\b.*\bsys\.(?:database_files|master_files)\b/is,
    *run(machine, found) {
      yield undefined;
      const pages = machine.wsus.database.sizeBytes / 8192;
      const isMegabytes = /\*\s*8\s*\/\s*1024|\/\s*128/.test(found[0]);
      return table([''], [[Math.round(isMegabytes ? pages / 128 : pages)]]);
    },
  },
  {
    form: /^select\s+(?:@@version|1|db_name\(\))/i,
    *run(_machine, found) {
      yield undefined;
      return table([''], [[/^select\s+1/i.test(found[0]) ? 1 : 'SUSDB']]);
    },
  },
  {
    form: /^(?:alter\s+database\s+\[?SUSDB\]?\s+set\s+(?:single_user|multi_user)|use\s+\[?\w+\]?|set\s+\w+\s+(?:on|off))/i,
    *run() {
      yield undefined;
      return nothing;
    },
  },
];

/**
 * Runs the statements of a text one after the other; the last one's rows are handed back.
 * @throws Failure `lab-unsupported` for a statement that the lab does not know
 */
export function* runSql(machine: Machine, text: string, limitMs: number, pid: number): Running {
  let result = nothing;
  for (const part of text.split(/;|^\s*GO\s*$/im)) {
    const statement = part.replace(/--.*$/gm, '').trim();
    if (statement === '') continue;
    const known = statements.find(({ form }) => form.test(statement));
    const found = known?.form.exec(statement);
    if (!known || !found)
      throw new Failure(
        'lab-unsupported',
        `The lab's database does not know the statement '${statement.slice(0, 80)}'.`,
        {
          facts: { construct: statement.slice(0, 80) },
        },
      );
    machine.wsus.database.open();
    result = yield* known.run(machine, found, limitMs, pid);
  }
  return result;
}
