import { parseSddlSid, sidOfName } from '../../accounts.ts';
import type { Machine } from '../machine.ts';
import type { UserSession } from '../users/users.ts';
import type { ScheduledTask } from './scheduled-task.ts';

/** The session in which a task runs, by its principal: that of its user, or the first one of a member of its group. */
export const sessionFor = (machine: Machine, { definition: { principal } }: ScheduledTask): UserSession | undefined => {
  const { users } = machine;
  if (principal.logonType === 'Group') {
    const sid = parseSddlSid(principal.userId) ?? sidOfName(principal.userId) ?? '';
    return users.sessions.find(({ account }) => account.groups.includes(sid) || sid === 'S-1-1-0');
  }
  const account = machine.accountOf(principal.userId);
  return account && users.sessionOf(account.sid);
};

/** Whether a task runs in the session of a user, and none of them is signed in. */
export const lacksSession = (machine: Machine, task: ScheduledTask): boolean => {
  const { logonType, userId } = task.definition.principal;
  const isPersonal = logonType === 'Group' || (logonType === 'Interactive' && !/^S-1-5-(18|19|20)$/.test(userId));
  return isPersonal && sessionFor(machine, task) === undefined;
};

/** Whether the machine runs on its battery and the task does not start then. */
export const lacksMains = (machine: Machine, { definition }: ScheduledTask): boolean =>
  machine.hardware.firmware.state.battery?.isOnMains === false && !definition.settings.allowStartIfOnBatteries;
