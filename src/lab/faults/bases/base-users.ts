import type { Account } from '../../windows/accounts.ts';
import { sids } from '../../windows/accounts.ts';
import { systemPid } from '../../windows/machine/change-feed.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { encodeHive, type HiveKey } from '../../windows/machine/registry/hive-file.ts';
import type { RegistryData, RegistryValue } from '../../windows/machine/registry/registry.ts';
import { profileListKey } from '../../windows/machine/users/users.ts';
import { placeFile } from './base-files.ts';
import { kindOf, placeValues } from './base-registry.ts';
import { useStore } from './base-store.ts';

const shellFolders = 'Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\User Shell Folders';

const valuesOf = (values: Readonly<Record<string, RegistryData>>): RegistryValue[] =>
  Object.entries(values).map(([name, data]) => ({
    name,
    kind: typeof data === 'string' && /%\w+%/.test(data) ? 'ExpandString' : kindOf(data),
    data,
  }));

/** What the hive of a new profile holds. */
const freshHive = (sid: string): HiveKey[] => {
  const key = (path: string, values: Readonly<Record<string, RegistryData>> = {}): HiveKey => ({
    path,
    values: valuesOf(values),
    security: undefined,
  });
  const root: HiveKey = {
    path: '',
    values: [],
    security: {
      owner: sids.system,
      group: sids.system,
      isProtected: true,
      rules: [sid, sids.system, sids.administrators].map((who) => ({
        allow: true,
        flags: ['CI'],
        rights: 0xf003f,
        sid: who,
      })),
    },
  };
  const temp = '%USERPROFILE%\\AppData\\Local\\Temp';
  return [
    root,
    key('Environment', { TEMP: temp, TMP: temp }),
    key('Control Panel'),
    key('Control Panel\\International'),
    key('Software'),
    key('Software\\Microsoft'),
    key('Software\\Microsoft\\Windows'),
    key('Software\\Microsoft\\Windows\\CurrentVersion'),
    key('Software\\Microsoft\\Windows\\CurrentVersion\\Explorer'),
    key(shellFolders, {
      AppData: '%USERPROFILE%\\AppData\\Roaming',
      'Local AppData': '%USERPROFILE%\\AppData\\Local',
      Desktop: '%USERPROFILE%\\Desktop',
      Personal: '%USERPROFILE%\\Documents',
    }),
    key('Software\\Microsoft\\Windows\\CurrentVersion\\Run'),
  ];
};

const sidBytes = (sid: string): Uint8Array => {
  const [, revision = '1', authority = '5', ...parts] = sid.split('-');
  const bytes = Buffer.alloc(8 + 4 * parts.length);
  bytes[0] = Number(revision);
  bytes[1] = parts.length;
  bytes.writeUIntBE(Number(authority), 2, 6);
  for (const [index, part] of parts.entries()) bytes.writeUInt32LE(Number(part), 8 + 4 * index);
  return new Uint8Array(bytes);
};

/** Lays the profile of an account: folders, hive files, its row of the list of profiles. */
export const createProfile = (machine: Machine, account: Account): void => {
  const folder = `C:\\Users\\${account.name.replace(/^.*\\/, '')}`;
  const { files } = machine;
  if (!files.exists(folder))
    void files.createFolder(folder, systemPid, {
      security: {
        owner: sids.system,
        group: sids.system,
        isProtected: true,
        rules: [sids.system, sids.administrators, account.sid].map((sid) => ({
          allow: true,
          flags: ['OI', 'CI'],
          rights: 0x1f01ff,
          sid,
        })),
      },
    });
  for (const below of ['AppData\\Local\\Temp', 'AppData\\Roaming\\Microsoft', 'Documents', 'Desktop', 'Downloads'])
    void files.createFolder(`${folder}\\${below}`, systemPid);
  placeFile(machine, `${folder}\\NTUSER.DAT`, 0, 90, encodeHive(freshHive(account.sid)));
  const classes: HiveKey[] = [
    { path: '', values: [], security: undefined },
    { path: 'Local Settings', values: [], security: undefined },
  ];
  placeFile(machine, `${folder}\\AppData\\Local\\Microsoft\\Windows\\UsrClass.dat`, 0, 90, encodeHive(classes));
  placeValues(machine, `${profileListKey}\\${account.sid}`, {
    ProfileImagePath: folder,
    Flags: 0,
    State: 0,
    Sid: sidBytes(account.sid),
  });
};

/** Profiles of Windows' own accounts and of the administrators, whose hives stay loaded since they administer it from afar. */
export const createBaseUsers = (machine: Machine): void => {
  const own = [
    ['S-1-5-18', '%systemroot%\\system32\\config\\systemprofile', 12],
    ['S-1-5-19', '%systemroot%\\ServiceProfiles\\LocalService', 0],
    ['S-1-5-20', '%systemroot%\\ServiceProfiles\\NetworkService', 0],
  ] as const;
  for (const [sid, path, flags] of own)
    placeValues(machine, `${profileListKey}\\${sid}`, { ProfileImagePath: path, Flags: flags, State: 0 });
  for (const name of ['.DEFAULT', 'S-1-5-18', 'S-1-5-19', 'S-1-5-20'])
    placeValues(machine, `HKU\\${name}\\Environment`, {
      TEMP: '%USERPROFILE%\\AppData\\Local\\Temp',
      TMP: '%USERPROFILE%\\AppData\\Local\\Temp',
    });
  for (const account of machine.accounts) {
    createProfile(machine, account);
    machine.users.keepProfile(account.sid);
  }
};

/** The account of a user who has used the machine, with a profile; made where it is missing. */
export const userOf = (machine: Machine, name: string): Account => {
  const known = machine.accountOf(name);
  if (known) return known;
  const account = machine.addAccount(name, [sids.users, 'S-1-5-11']);
  createProfile(machine, account);
  useStore(machine, account.sid);
  return account;
};

/** Does something with the loaded hive of a user; it is as loaded afterwards as it was. */
export const withUserHive = <T>(machine: Machine, account: Account, run: (root: string) => T): T => {
  const root = `HKEY_USERS\\${account.sid}`;
  const isLoaded = machine.hives.find(root) !== undefined;
  if (!isLoaded) machine.users.loadProfile(account.sid);
  const result = run(root);
  if (!isLoaded) machine.users.unloadProfile(account.sid);
  return result;
};

/** Sets values below a user's hive, whether it is loaded or lies in its file. */
export const placeUserValues = (
  machine: Machine,
  account: Account,
  path: string,
  values: Readonly<Record<string, RegistryData>>,
): void => withUserHive(machine, account, (root) => placeValues(machine, `${root}\\${path}`, values));
