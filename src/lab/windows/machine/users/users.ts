import type { Account } from '../../accounts.ts';
import { type Held, systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import type { LoadedHive } from '../registry/hives.ts';
import type { RegistryData } from '../registry/registry.ts';
import { Win32Fault, win32 } from '../win32-fault.ts';
import { endTemporaryProfile, useTemporaryProfile } from './temporary-profile.ts';

/** Key with one subkey for the profile of each account that has one. */
export const profileListKey = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList';

/** A user who is signed in at the console or through Remote Desktop. */
export type UserSession = {
  /** As `query session` numbers it; 0 is that of the services. */
  readonly id: number;
  readonly account: Account;
  /** `console`, or `rdp-tcp#0` for Remote Desktop; empty while it is disconnected. */
  readonly station: string;
  readonly state: 'Active' | 'Disc';
  /** LUID of the logon. */
  readonly logonId: number;
  /** When the user signed in, wall clock. */
  readonly sinceMs: number;
};

/** How a user sits at the machine. */
export type SessionKind = 'console' | 'remote' | 'disconnected';

/** What of the sessions a copy of the state keeps. */
export type UsersCopy = { readonly sessions: readonly UserSession[]; readonly hives: readonly LoadedHive[] };

// What Windows starts in each user's session, besides what starts it.
const sessionPrograms = [
  ['sihost', 'C:\\Windows\\System32\\sihost.exe'],
  ['taskhostw', 'C:\\Windows\\System32\\taskhostw.exe'],
  ['explorer', 'C:\\Windows\\explorer.exe'],
] as const;

/** Profiles of a machine and the users that are signed in. */
export class Users {
  readonly #machine: Machine;
  #sessions: UserSession[] = [];
  /** Accounts whose profile something else than a session keeps loaded. */
  readonly #kept = new Set<string>();
  #logons = 0;

  /** @param machine whose users they are */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Sessions of signed-in users by number. */
  get sessions(): readonly UserSession[] {
    return this.#sessions;
  }

  /** The session of an account; `undefined` when it is not signed in. */
  sessionOf(sid: string): UserSession | undefined {
    return this.#sessions.find((session) => session.account.sid === sid);
  }

  /** Folder of an account's profile; `undefined` when it has none yet. */
  profileOf(sid: string): string | undefined {
    const path = this.#machine.registry.data(`${profileListKey}\\${sid}`, 'ProfileImagePath');
    return typeof path === 'string'
      ? path.replace(/%SystemDrive%/i, 'C:').replace(/%systemroot%/i, 'C:\\Windows')
      : undefined;
  }

  /**
   * Loads the hives of an account's profile.
   * @throws Win32Fault when a hive file is missing, held or torn
   */
  loadProfile(sid: string, pid: number = systemPid): void {
    const { hives } = this.#machine;
    const folder = this.profileOf(sid);
    if (folder === undefined) throw new Win32Fault(win32.fileNotFound, sid);
    const parts = [
      [`HKEY_USERS\\${sid}`, `${folder}\\NTUSER.DAT`],
      [`HKEY_USERS\\${sid}_Classes`, `${folder}\\AppData\\Local\\Microsoft\\Windows\\UsrClass.dat`],
    ] as const;
    for (const [path, file] of parts) if (!hives.find(path)) void hives.load(path, file, pid, true);
  }

  /** Loads a profile for good: administrators work from afar, and their shells come and go. */
  keepProfile(sid: string): void {
    this.#kept.add(sid);
    this.loadProfile(sid);
  }

  /** Takes the hives of a profile out; what was changed is in their files then. */
  unloadProfile(sid: string): void {
    const { hives } = this.#machine;
    for (const path of [`HKEY_USERS\\${sid}_Classes`, `HKEY_USERS\\${sid}`])
      if (hives.find(path)) void hives.unload(path, systemPid, true);
  }

  /** Signs a user in. Where the profile cannot be loaded the user gets a temporary one, as on Windows. */
  signIn(account: Account, kind: SessionKind): UserSession {
    const { registry, clock, events, tasks } = this.#machine;
    const there = this.sessionOf(account.sid);
    if (there) void this.signOut(there, systemPid);
    this.#loadOrReplace(account.sid);
    const id = Math.max(0, ...this.#sessions.map((session) => session.id)) + 1;
    const session: UserSession = {
      id,
      account: { ...account, logon: 'interactive', groups: interactiveGroups(account) },
      station: kind === 'console' ? 'console' : kind === 'remote' ? `rdp-tcp#${id}` : '',
      state: kind === 'disconnected' ? 'Disc' : 'Active',
      logonId: 0x5_2f0a + 0x1_3c7 * ++this.#logons,
      sinceMs: clock.wallMs(),
    };
    this.#sessions = [...this.#sessions, session];
    const own: Readonly<Record<string, RegistryData>> = {
      USERNAME: account.name.replace(/^.*\\/, ''),
      USERDOMAIN: account.name.replace(/\\.*$/, ''),
      USERPROFILE: this.profileOf(account.sid) ?? '',
      LOGONSERVER: `\\\\${this.#machine.name}`,
    };
    const key = `HKEY_USERS\\${account.sid}\\Volatile Environment`;
    for (const [name, data] of Object.entries(own)) void registry.set(key, { name, kind: 'String', data }, systemPid);
    this.#startPrograms(session);
    writeLogonEvent(events, session, 7001);
    this.#machine.apps.signedIn(account.sid);
    tasks.signedIn();
    return session;
  }

  /** Signs a user out: the programs of the session end, the profile is unloaded. */
  signOut(session: UserSession, pid: number): Held {
    const { processes, changes, events } = this.#machine;
    this.#sessions = this.#sessions.filter((other) => other !== session);
    for (const process of processes.all())
      if (process.sessionId === session.id) void processes.end(process.pid, 0x40010004, systemPid);
    if (!this.#kept.has(session.account.sid)) this.unloadProfile(session.account.sid);
    endTemporaryProfile(this.#machine, `${profileListKey}\\${session.account.sid}`);
    writeLogonEvent(events, session, 7002);
    return changes.record('session.end', session.account.name, session.state, undefined, pid);
  }

  /** The machine has restarted: nobody is signed in. */
  restart(): void {
    const left = this.#sessions;
    this.#sessions = [];
    const { hives } = this.#machine;
    const kept = hives.all().filter(({ path, byProfile }) => byProfile && this.#kept.has(sidOfHive(path)));
    hives.restart(kept.map(({ path }) => path));
    for (const { account } of left) endTemporaryProfile(this.#machine, `${profileListKey}\\${account.sid}`);
  }

  /** What a copy of the state keeps. */
  copy(): UsersCopy {
    return { sessions: [...this.#sessions], hives: this.#machine.hives.all() };
  }

  /** Takes sessions and loaded hives back; the programs of a session that ended since are started again. */
  replace({ sessions, hives }: UsersCopy): void {
    const { processes } = this.#machine;
    this.#machine.hives.replace(hives);
    for (const session of this.#sessions)
      if (!sessions.includes(session))
        for (const process of processes.all())
          if (process.sessionId === session.id) void processes.end(process.pid, 0, systemPid);
    this.#sessions = [...sessions];
    for (const session of sessions)
      if (!processes.all().some(({ sessionId, name }) => sessionId === session.id && name === 'explorer'))
        this.#startPrograms(session);
  }

  #loadOrReplace(sid: string): void {
    try {
      this.loadProfile(sid);
    } catch (error) {
      if (!(error instanceof Win32Fault)) throw error;
      this.unloadProfile(sid);
      useTemporaryProfile(this.#machine, `${profileListKey}\\${sid}`);
      this.loadProfile(sid);
    }
  }

  #startPrograms(session: UserSession): void {
    const { processes } = this.#machine;
    const environment = this.environmentOf(session);
    const winlogon = processes.start({
      name: 'winlogon',
      path: 'C:\\Windows\\System32\\winlogon.exe',
      sessionId: session.id,
    });
    for (const [name, path] of sessionPrograms)
      processes.start({
        name,
        path,
        sessionId: session.id,
        account: session.account,
        environment: new Map(environment),
        parentPid: winlogon.pid,
      });
  }

  /** Environment variables of a program in a session. */
  environmentOf(session: UserSession): ReturnType<Machine['newEnvironment']> {
    const environment = new Map(this.#machine.newEnvironment(session.account));
    environment.set('SESSIONNAME', {
      name: 'SESSIONNAME',
      value: session.station === '' ? 'Console' : session.station,
    });
    return environment;
  }
}

/** SID of the account whose hive a path is. */
const sidOfHive = (path: string): string => path.replace(/^HKEY_USERS\\/i, '').replace(/_Classes$/i, '');

const interactiveGroups = (account: Account): string[] => [
  ...account.groups.filter((group) => group !== 'S-1-5-2'),
  'S-1-5-4',
];

const writeLogonEvent = (events: Machine['events'], { id, account }: UserSession, eventId: 7001 | 7002): void => {
  events.write({
    log: 'System',
    provider: 'Microsoft-Windows-Winlogon',
    id: eventId,
    message: `User ${eventId === 7001 ? 'Logon' : 'Logoff'} Notification for Customer Experience Improvement Program`,
    data: [
      ['TSId', id],
      ['UserSid', account.sid],
    ],
  });
};
