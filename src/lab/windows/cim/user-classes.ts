import { localFromUnixMs } from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import type { Account } from '../accounts.ts';
import type { Machine } from '../machine/machine.ts';
import { subKeyNames } from '../machine/registry/registry.ts';
import { profileListKey, type UserSession } from '../machine/users/users.ts';
import type { CimClass } from './cim-class.ts';
import { cimObject, uint32 } from './cim-instance.ts';

const userProfile: CimClass = {
  name: 'Win32_UserProfile',
  outside:
    'AppDataRoaming Contacts Desktop Documents Downloads Favorites HealthStatus LastAttemptedProfileDownloadTime LastAttemptedProfileUploadTime LastBackgroundRegistryUploadTime LastDownloadTime LastUploadTime Links Music Pictures RoamingPath SavedGames Searches StartMenu Videos',
  namespace: 'root/cimv2',
  keys: ['SID'],
  instances: (machine) => {
    const list = machine.registry.find(profileListKey);
    const sidsWithProfile = (list ? subKeyNames(list) : []).filter((name) => /^S-1(-\d+)+$/.test(name));
    return sidsWithProfile.map((sid) => {
      const path = machine.users.profileOf(sid) ?? '';
      const file = machine.files.find(`${path}\\NTUSER.DAT`);
      return {
        LastUseTime: file ? localFromUnixMs(file.modifiedMs, machine.timeZone.offsetMinutes) : null,
        Loaded: !sid.startsWith('S-1-5-21-') || machine.hives.find(`HKU\\${sid}`) !== undefined,
        LocalPath: path,
        RefCount: null,
        RoamingConfigured: false,
        RoamingPreference: null,
        SID: sid,
        Special: !sid.startsWith('S-1-5-21-'),
        Status: uint32(0),
      };
    });
  },
};

const nameParts = (account: Account): readonly [string, string] => {
  const [domain = '', name = ''] = account.name.split('\\');
  return [domain, name];
};

const userAccount: CimClass = {
  name: 'Win32_UserAccount',
  namespace: 'root/cimv2',
  keys: ['Domain', 'Name'],
  outside: 'InstallDate',
  instances: (machine) =>
    machine.accounts.map((account) => {
      const [domain, name] = nameParts(account);
      return {
        AccountType: uint32(512),
        Caption: account.name,
        Description: '',
        Disabled: false,
        Domain: domain,
        FullName: '',
        LocalAccount: true,
        Lockout: false,
        Name: name,
        PasswordChangeable: true,
        PasswordExpires: true,
        PasswordRequired: true,
        SID: account.sid,
        SIDType: 1,
        Status: 'OK',
      };
    }),
};

const logonSession: CimClass = {
  name: 'Win32_LogonSession',
  namespace: 'root/cimv2',
  keys: ['LogonId'],
  instances: (machine) => [
    ...machine.users.sessions.map((session) => sessionRow(machine, session)),
    row(machine, '999', 0, 'NTLM', machine.clock.bootWallMs()),
    row(machine, '997', 5, 'Negotiate', machine.clock.bootWallMs()),
    row(machine, '996', 5, 'Negotiate', machine.clock.bootWallMs()),
  ],
};

const row = (machine: Machine, id: string, type: number, origin: string, ms: number): Record<string, Value> => ({
  AuthenticationPackage: origin,
  Caption: null,
  Description: null,
  InstallDate: null,
  LogonId: id,
  LogonType: uint32(type),
  Name: null,
  StartTime: localFromUnixMs(ms, machine.timeZone.offsetMinutes),
  Status: null,
});

const sessionRow = (machine: Machine, session: UserSession): Record<string, Value> =>
  row(machine, String(session.logonId), session.station === 'console' ? 2 : 10, 'NTLM', session.sinceMs);

const loggedOnUser: CimClass = {
  name: 'Win32_LoggedOnUser',
  namespace: 'root/cimv2',
  keys: ['Antecedent', 'Dependent'],
  instances: (machine) =>
    machine.users.sessions.map((session) => {
      const [domain, name] = nameParts(session.account);
      return {
        Antecedent: cimObject('Win32_Account', { Name: name, Domain: domain }, { keys: ['Name', 'Domain'] }),
        Dependent: cimObject('Win32_LogonSession', { LogonId: String(session.logonId) }, { keys: ['LogonId'] }),
      };
    }),
};

/** Profiles, accounts and who is signed in. */
export const userClasses: readonly CimClass[] = [userProfile, userAccount, logonSession, loggedOnUser];
