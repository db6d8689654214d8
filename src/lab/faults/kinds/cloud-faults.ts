import { createHash } from 'node:crypto';
import type { Account } from '../../windows/accounts.ts';
import { systemPid } from '../../windows/machine/change-feed.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { placeFile } from '../bases/base-files.ts';
import { placeValues } from '../bases/base-registry.ts';
import { placeUserValues, userOf } from '../bases/base-users.ts';
import type { FaultKinds } from '../fault-kinds.ts';
import { usualUser } from './user-faults.ts';

const megabyte = 2 ** 20;

/** Room that files take which could be elsewhere, and programs that nobody uses. */
export type CloudFault =
  | { readonly kind: 'onedrive-files-local'; readonly user?: string; readonly sizeMB?: number }
  | { readonly kind: 'app-unused'; readonly name: string; readonly sizeMB?: number; readonly unusedDays?: number };

const installClient = (machine: Machine, account: Account, folder: string): void => {
  const profile = machine.users.profileOf(account.sid) ?? '';
  const program = `${profile}\\AppData\\Local\\Microsoft\\OneDrive\\OneDrive.exe`;
  placeFile(machine, program, 3 * megabyte, 30);
  placeUserValues(machine, account, 'Software\\Microsoft\\OneDrive\\Accounts\\Personal', {
    UserFolder: folder,
    UserEmail: `${account.name.replace(/^.*\\/, '')}@contoso.example`,
  });
  placeUserValues(machine, account, 'Software\\Microsoft\\Windows\\CurrentVersion\\Run', {
    OneDrive: `"${program}" /background`,
  });
  const session = machine.users.sessionOf(account.sid);
  if (session)
    machine.processes.start({
      name: 'OneDrive',
      path: program,
      commandLine: `"${program}" /background`,
      sessionId: session.id,
      account: session.account,
      environment: machine.users.environmentOf(session),
    });
};

/** States of OneDrive's files and of programs. */
export const cloudFaults: FaultKinds<CloudFault> = {
  'onedrive-files-local': (machine, { user, sizeMB }) => {
    const account = userOf(machine, user ?? usualUser);
    const folder = `${machine.users.profileOf(account.sid) ?? ''}\\OneDrive`;
    const size = Math.round((sizeMB ?? 900) * megabyte);
    placeFile(machine, `${folder}\\Pictures\\holiday.mp4`, Math.round(size * 0.7), 200);
    placeFile(machine, `${folder}\\Archive\\2019.zip`, size - Math.round(size * 0.7), 900);
    installClient(machine, account, folder);
  },
  'app-unused': (machine, { name, sizeMB, unusedDays }) => {
    const hex = createHash('sha256').update(name).digest('hex').toUpperCase();
    const id = `{${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-A${hex.slice(17, 20)}-${hex.slice(20, 32)}}`;
    const size = Math.round((sizeMB ?? 300) * megabyte);
    const folder = `C:\\Program Files\\${name}`;
    const program = `${name.replaceAll(' ', '')}.exe`;
    placeFile(machine, `${folder}\\${program}`, size, 800);
    void machine.files.createFolder('C:\\Windows\\Prefetch', systemPid);
    placeFile(
      machine,
      `C:\\Windows\\Prefetch\\${program.toUpperCase()}-${hex.slice(0, 8)}.pf`,
      40_960,
      unusedDays ?? 365,
    );
    placeValues(machine, `HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\${id}`, {
      DisplayName: name,
      DisplayVersion: '4.2.0',
      EstimatedSize: Math.round(size / 1024),
      InstallDate: '20230115',
      InstallLocation: `${folder}\\`,
      Publisher: 'Contoso',
      UninstallString: `MsiExec.exe /X${id}`,
      WindowsInstaller: 1,
    });
  },
};
