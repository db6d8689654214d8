import { systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { encodeHive, type HiveKey } from '../registry/hive-file.ts';
import type { RegistryValue } from '../registry/registry.ts';

const folder = 'C:\\Users\\TEMP';
const provider = 'Microsoft-Windows-User Profiles Service';

const temp = '%USERPROFILE%\\AppData\\Local\\Temp';
const environment: readonly RegistryValue[] = ['TEMP', 'TMP'].map((name) => ({
  name,
  kind: 'ExpandString',
  data: temp,
}));

const emptyHive: readonly HiveKey[] = [
  { path: '', values: [], security: undefined },
  { path: 'Environment', values: environment, security: undefined },
  { path: 'Software', values: [], security: undefined },
];

/**
 * What Windows does when it cannot load the hive of a user who signs in: the row of the profile is set aside as `.bak`, and the user gets
 * an empty one below C:\Users\TEMP. Nothing of it lasts.
 * @param key row of the account in the list of profiles
 */
export const useTemporaryProfile = (machine: Machine, key: string): void => {
  const { registry, files, events } = machine;
  const row = registry.find(key);
  for (const value of row?.values.values() ?? []) void registry.set(`${key}.bak`, value, systemPid);
  for (const below of ['AppData\\Local\\Temp', 'AppData\\Local\\Microsoft\\Windows', 'Documents', 'Desktop'])
    void files.createFolder(`${folder}\\${below}`, systemPid);
  void files.write(`${folder}\\NTUSER.DAT`, encodeHive(emptyHive), systemPid);
  const classes: HiveKey[] = [{ path: '', values: [], security: undefined }];
  void files.write(`${folder}\\AppData\\Local\\Microsoft\\Windows\\UsrClass.dat`, encodeHive(classes), systemPid);
  void registry.set(key, { name: 'ProfileImagePath', kind: 'ExpandString', data: folder }, systemPid);
  const told = [
    [1508, 'Windows was unable to load the registry.'],
    [
      1515,
      'Windows has backed up this user profile. Windows will automatically try to use the backup profile the next time this user logs on.',
    ],
    [
      1511,
      'Windows cannot find the local profile and is logging you on with a temporary profile. Changes you make to this profile will be lost when you log off.',
    ],
  ] as const;
  for (const [id, message] of told)
    events.write({ log: 'Application', provider, id, level: id === 1515 ? 3 : 2, message });
};

/** The user of a temporary profile has signed out: it is deleted, and the row that was set aside counts again. */
export const endTemporaryProfile = (machine: Machine, key: string): void => {
  const { registry } = machine;
  const backup = registry.find(`${key}.bak`);
  if (registry.data(key, 'ProfileImagePath') !== folder || !backup) return;
  for (const value of backup.values.values()) void registry.set(key, value, systemPid);
  void registry.remove(`${key}.bak`, systemPid);
  removeTree(machine, folder);
};

const removeTree = (machine: Machine, path: string): void => {
  const node = machine.files.find(path, { noFollow: true });
  for (const child of node?.children.values() ?? []) removeTree(machine, `${path}\\${child.name}`);
  if (node) void machine.files.remove(path, systemPid, { force: true });
};
