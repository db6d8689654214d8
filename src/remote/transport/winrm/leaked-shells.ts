import { resources } from '../../protocol/wsman/namespaces.ts';
import type { ShellDescription } from '../../protocol/wsman/shell-description.ts';
import { isGone, readMark } from './session-mark.ts';
import type { CallOptions, WsmanSession } from './wsman-session.ts';

/** More pages than any list has. */
const mostPages = 100;

/**
 * Removes sessions on a host that processes of this machine have left behind when they were killed: those that bear their mark, belong to the
 * same account, and run nothing. A script that still runs is never cut in two, and nobody else's session is touched. Gives how many went.
 * An account that may not list sessions has none removed.
 * @param username the account as it logs in
 * @param how what holds for each request
 * @throws Failure as `WsmanSession.call`
 */
export async function removeLeakedShells(session: WsmanSession, username: string, how: CallOptions): Promise<number> {
  let removed = 0;
  for (const shell of await listShells(session, how)) {
    const opener = shell.name === undefined ? undefined : readMark(shell.name);
    if (opener === undefined || !isGone(opener) || !isSameAccount(shell.owner, username)) continue;
    if (await runsSomething(session, shell.shellId, how)) continue;
    const { resourceUri, shellId } = shell;
    const { reply } = await session.call({ kind: 'delete', resourceUri, shellId }, how);
    if (reply.kind === 'deleted') removed++;
  }
  return removed;
}

async function listShells(session: WsmanSession, how: CallOptions): Promise<readonly ShellDescription[]> {
  const shells: ShellDescription[] = [];
  let { reply } = await session.call({ kind: 'enumerate', resourceUri: resources.shells }, how);
  for (let page = 0; page < mostPages && reply.kind === 'shells'; page++) {
    shells.push(...reply.shells);
    const { enumerationContext } = reply;
    if (enumerationContext === undefined) break;
    ({ reply } = await session.call({ kind: 'pull', resourceUri: resources.shells, enumerationContext }, how));
  }
  return shells;
}

/** Commands of pipelines that have ended stay in the list until they are terminated. What is not told counts as running. */
async function runsSomething(session: WsmanSession, shellId: string, how: CallOptions): Promise<boolean> {
  const filter = { ShellId: shellId };
  const { reply } = await session.call({ kind: 'enumerate', resourceUri: resources.commands, filter }, how);
  if (reply.kind === 'shells') return reply.shells.length > 0 || reply.enumerationContext !== undefined;
  if (reply.kind !== 'commands' || reply.enumerationContext !== undefined) return true;
  return reply.commands.some(({ state }) => state !== 'Done');
}

/** `DOM\user`, `user@domain` and `user` may be the same one; another account's session could not be removed anyway. */
function isSameAccount(owner: string, username: string): boolean {
  const bare = (name: string) => name.replace(/^.*\\/u, '').replace(/@.*$/u, '').toLowerCase();
  return bare(owner) === bare(username);
}
