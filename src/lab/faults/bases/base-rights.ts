import { sids } from '../../windows/accounts.ts';
import { windowsFolder } from '../../windows/machine/files/windows-rights.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import type { AccessRule } from '../../windows/machine/rights/security-descriptor.ts';

const full = (sid: string): AccessRule => ({ allow: true, flags: ['OI', 'CI'], rights: 0x1f01ff, sid });

const reads = (sid: string): AccessRule => ({ allow: true, flags: ['OI', 'CI'], rights: 0x1200a9, sid });

/** Folders of Windows that have the rights of `C:\Windows` as their own. */
const windowsFolders = [
  'C:\\Windows\\servicing',
  'C:\\Windows\\System32',
  'C:\\Windows\\System32\\drivers',
  'C:\\Windows\\System32\\WindowsPowerShell',
  'C:\\Windows\\System32\\WindowsPowerShell\\v1.0',
];

/** Keys that belong to servicing: administrators may read them. */
const servicingKeys = [
  'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing',
  'HKLM\\SYSTEM\\CurrentControlSet\\Services\\TrustedInstaller',
  'HKLM\\SYSTEM\\CurrentControlSet\\Services\\WinDefend',
];

/** Lays rights that differ from those of the folder or hive above: profiles belong to their users, and everybody may lay files into Temp. */
export const createBaseRights = (machine: Machine): void => {
  const { files, registry } = machine;
  const store = files.find('C:\\Windows\\WinSxS');
  if (store)
    store.security = {
      owner: sids.trustedInstaller,
      group: sids.trustedInstaller,
      isProtected: true,
      rules: [full(sids.trustedInstaller), reads(sids.administrators), reads(sids.system), reads(sids.users)],
    };
  for (const path of windowsFolders) {
    const folder = files.find(path);
    if (folder) folder.security = windowsFolder;
  }
  const hives = files.find('C:\\Windows\\System32\\config');
  if (hives)
    hives.security = {
      owner: sids.system,
      group: sids.system,
      isProtected: true,
      rules: [full(sids.system), full(sids.administrators)],
    };
  const defender = files.find('C:\\ProgramData\\Microsoft\\Windows Defender\\platform');
  if (defender)
    defender.security = {
      owner: sids.system,
      group: sids.system,
      isProtected: true,
      rules: [full(sids.trustedInstaller), full(sids.system), reads(sids.administrators), reads(sids.users)],
    };
  for (const key of servicingKeys)
    registry.setOwnSddl(
      key,
      `O:${sids.trustedInstaller}G:${sids.trustedInstaller}D:PAI(A;CI;KA;;;${sids.trustedInstaller})(A;CI;KR;;;SY)(A;CI;KR;;;BA)(A;CI;KR;;;BU)`,
    );
  const temp = files.find('C:\\Windows\\Temp');
  if (temp)
    temp.security = {
      ...files.securityOf(temp),
      rules: [
        { allow: true, flags: ['CI'], rights: 0x100026, sid: sids.users },
        { allow: true, flags: ['OI', 'CI', 'IO'], rights: 0x1f01ff, sid: sids.creatorOwner },
      ],
    };
  for (const { name, sid } of machine.accounts) {
    const profile = files.find(`C:\\Users\\${name.slice(name.lastIndexOf('\\') + 1)}`);
    if (profile)
      profile.security = {
        owner: sids.system,
        group: sids.system,
        isProtected: true,
        rules: [full(sids.system), full(sids.administrators), full(sid)],
      };
    registry.setOwnSddl(`HKU\\${sid}`, `O:BAG:SYD:PAI(A;OICI;KA;;;SY)(A;OICI;KA;;;BA)(A;OICI;KA;;;${sid})`);
  }
  for (const hive of ['.DEFAULT', sids.system, 'S-1-5-19', 'S-1-5-20'])
    registry.setOwnSddl(`HKU\\${hive}`, 'O:BAG:SYD:PAI(A;OICI;KA;;;SY)(A;OICI;KA;;;BA)(A;OICI;KR;;;BU)');
};
