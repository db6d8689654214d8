import type { Held } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { DatabaseFault } from './update-database.ts';

/** What a cleanup is to do. */
export type CleanupScope = {
  readonly declineSuperseded: boolean;
  readonly declineExpired: boolean;
  readonly deleteObsolete: boolean;
  readonly compress: boolean;
  readonly deleteComputers: boolean;
  readonly deleteContent: boolean;
};

/** What a cleanup has done. */
export type CleanupResult = {
  superseded: number;
  expired: number;
  deleted: number;
  compressed: number;
  computers: number;
  freedBytes: number;
};

const dayMs = 86_400_000;
/** How long one call to the database may take. */
export const commandLimitMs = 30 * 60_000;

/** Content files that no update which is not declined needs. */
const unneeded = (machine: Machine): string[] => {
  const { wsus, files } = machine;
  const kept = new Set(
    wsus.database.content.updates
      .filter(({ isDeclined }) => !isDeclined)
      .flatMap(({ files: own }) => own.map(({ sha1 }) => sha1)),
  );
  const found: string[] = [];
  for (const folder of files.find(wsus.contentFolder)?.children.values() ?? [])
    for (const file of folder.children.values())
      if (!kept.has(file.name.replace(/\.\w+$/, ''))) found.push(`${wsus.contentFolder}\\${folder.name}\\${file.name}`);
  return found;
};

/**
 * Cleans up as the wizard and `Invoke-WsusServerCleanup` do. What was done before the time is over stays done.
 * @throws DatabaseFault -2 when there is more to delete than the time of one call allows
 */
export function* cleanUp(machine: Machine, scope: CleanupScope, pid: number): Generator<Held, CleanupResult, unknown> {
  const { wsus, clock } = machine;
  const { database } = wsus;
  const content = database.open();
  const result: CleanupResult = { superseded: 0, expired: 0, deleted: 0, compressed: 0, computers: 0, freedBytes: 0 };
  const now = clock.wallMs();
  if (scope.declineExpired)
    for (const update of content.updates.filter(
      (one) => one.isExpired && !one.isDeclined && one.approvals.length === 0,
    )) {
      yield wsus.decline(update, pid);
      result.expired++;
    }
  if (scope.declineSuperseded) {
    // Only what has not been approved for 30 days, what nobody needs, and what an approved update replaces.
    const byApproved = new Set(
      content.updates.filter(({ approvals }) => approvals.length > 0).flatMap(({ supersedes }) => supersedes),
    );
    for (const update of content.updates.filter(
      (one) =>
        !one.isDeclined &&
        byApproved.has(one.id) &&
        one.approvals.length === 0 &&
        !one.isNeeded &&
        now - one.createdMs > 30 * dayMs,
    )) {
      yield wsus.decline(update, pid);
      result.superseded++;
    }
  }
  if (scope.deleteObsolete) {
    const obsolete = database.obsolete();
    const fitting = Math.floor(commandLimitMs / database.deleteMs);
    const gone = obsolete.slice(0, fitting);
    yield clock.wait(pid, Math.min(commandLimitMs, obsolete.length * database.deleteMs));
    yield database.delete(new Set(gone.map(({ id }) => id)), pid);
    result.deleted = gone.length;
    if (gone.length < obsolete.length)
      throw new DatabaseFault(
        -2,
        'Execution Timeout Expired.  The timeout period elapsed prior to completion of the operation or the server is not responding.',
      );
  }
  if (scope.deleteComputers) {
    const old = content.computers.filter(({ lastReportedMs }) => now - lastReportedMs > 30 * dayMs);
    content.computers = content.computers.filter((one) => !old.includes(one));
    result.computers = old.length;
    for (const { name } of old) yield database.changed('removeComputer', name, old.length, undefined, pid);
  }
  if (scope.deleteContent)
    for (const path of unneeded(machine)) {
      result.freedBytes += machine.files.get(path).sizeBytes;
      yield machine.files.remove(path, pid, { force: true });
    }
  return result;
}
