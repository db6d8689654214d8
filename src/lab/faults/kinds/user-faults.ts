import { systemPid } from '../../windows/machine/change-feed.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import type { SessionKind } from '../../windows/machine/users/users.ts';
import { placeUserValues, userOf } from '../bases/base-users.ts';
import type { FaultKinds } from '../fault-kinds.ts';

/** Who uses the machine unless a host says otherwise. */
export const usualUser = 'hanako';

const removeTree = (machine: Machine, path: string): void => {
  const { files } = machine;
  const node = files.find(path, { noFollow: true });
  if (!node) return;
  for (const child of node.children.values()) removeTree(machine, `${path}\\${child.name}`);
  void files.remove(path, systemPid, { force: true });
};

/** Users who are signed in or not, and states of their profiles. */
export type UserFault =
  | { readonly kind: 'user-signed-in'; readonly user?: string; readonly session?: SessionKind }
  | { readonly kind: 'nobody-signed-in'; readonly user?: string }
  | {
      readonly kind: 'profile-hive-locked';
      readonly user?: string;
      readonly cause?: 'file-held' | 'key-open' | 'left-loaded';
    }
  | { readonly kind: 'user-temp-missing'; readonly user?: string; readonly cause?: 'folder' | 'value' };

/** Facts about users of a host, and profiles that do not work. */
export const userFaults: FaultKinds<UserFault> = {
  'user-signed-in': (machine, { user, session }) => {
    machine.users.signIn(userOf(machine, user ?? usualUser), session ?? 'console');
  },
  'nobody-signed-in': (machine, { user }) => {
    userOf(machine, user ?? usualUser);
    for (const session of machine.users.sessions) void machine.users.signOut(session, systemPid);
  },
  'profile-hive-locked': (machine, { user, cause }) => {
    const account = userOf(machine, user ?? usualUser);
    const file = `${machine.users.profileOf(account.sid) ?? ''}\\NTUSER.DAT`;
    const session = machine.users.sessionOf(account.sid);
    if (session) void machine.users.signOut(session, systemPid);
    const process = machine.processes.start({
      name: 'ProfileBackup',
      path: 'C:\\Program Files\\ProfileBackup\\ProfileBackup.exe',
    });
    if ((cause ?? 'file-held') === 'file-held') {
      machine.files.handles.open({ node: machine.files.get(file), access: 1, share: 0, pid: process.pid }, file);
      return;
    }
    // Somebody loaded the hive under a name of his own and did not take it out again.
    void machine.hives.load('HKU\\ProfileBackup', file, process.pid);
    if (cause === 'key-open') machine.hives.open('HKU\\ProfileBackup\\Software', process.pid);
  },
  'user-temp-missing': (machine, { user, cause }) => {
    const account = userOf(machine, user ?? usualUser);
    if (cause === 'value') placeUserValues(machine, account, 'Environment', { TEMP: 'E:\\Temp', TMP: 'E:\\Temp' });
    else removeTree(machine, `${machine.users.profileOf(account.sid) ?? ''}\\AppData\\Local\\Temp`);
    const session = machine.users.sessionOf(account.sid);
    // What runs in a session has the variables with which it was started.
    if (session)
      machine.users.signIn(
        account,
        session.station === 'console' ? 'console' : session.station === '' ? 'disconnected' : 'remote',
      );
  },
};
