import type { Account } from '../../windows/accounts.ts';
import {
  dataFile,
  mailboxFile,
  mailboxSection,
  mailOf,
  mapiProperties,
  mapiText,
  outlookKey,
  outlookPath,
  servicesSection,
} from '../../windows/machine/apps/outlook.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { placeFile } from './base-files.ts';
import { placeValues } from './base-registry.ts';
import { withUserHive } from './base-users.ts';

const office = 'HKLM\\SOFTWARE\\Microsoft\\Office';
const officeFolder = 'C:\\Program Files\\Microsoft Office\\root\\Office16';
/** Service of the profile that stands for the archive. */
const archiveSection = '5f2c9a1be7d34c4e9a6b1d0f38c27e51';

/** Where the archive of a user lies. */
export const archiveOf = (machine: Machine, account: Account): string =>
  `${machine.users.profileOf(account.sid) ?? ''}\\Documents\\Outlook Files\\Archive.pst`;

const installOffice = (machine: Machine): void => {
  if (machine.files.exists(outlookPath)) return;
  placeFile(machine, outlookPath, 48 * 2 ** 20, 40);
  placeFile(machine, `${officeFolder}\\SCANPST.EXE`, 90 * 1024, 40);
  placeValues(machine, `${office}\\ClickToRun\\Configuration`, {
    ClientCulture: machine.uiLanguage.toLowerCase(),
    InstallationPath: 'C:\\Program Files\\Microsoft Office',
    Platform: 'x64',
    ProductReleaseIds: 'O365ProPlusRetail',
    UpdateChannel: 'http://officecdn.microsoft.com/pr/7ffbc6bf-bc32-4f92-8982-f9dd17fd3114',
    UpdatesEnabled: 'True',
    VersionToReport: '16.0.18925.20216',
  });
  placeValues(machine, `${office}\\16.0\\Outlook\\InstallRoot`, { Path: `${officeFolder}\\` });
  placeValues(machine, 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\App Paths\\OUTLOOK.EXE', {
    '': outlookPath,
    Path: `${officeFolder}\\`,
  });
};

/** Installs Outlook with a profile of the user: a mailbox of Exchange with its OST file, and an archive in a PST file. */
export const setUpOutlook = (machine: Machine, account: Account): void => {
  installOffice(machine);
  const [mailbox, archive] = [mailboxFile(machine, account), archiveOf(machine, account)];
  if (!machine.files.exists(mailbox)) placeFile(machine, mailbox, 0, 1, dataFile(1200));
  if (!machine.files.exists(archive)) placeFile(machine, archive, 0, 20, dataFile(340));
  withUserHive(machine, account, (root) => {
    const key = `${root}\\${outlookKey}`;
    const profile = `${key}\\Profiles\\Outlook`;
    placeValues(machine, key, { DefaultProfile: 'Outlook' });
    placeValues(machine, `${profile}\\9375CFF0413111d3B88A00104B2A6676`, { NextAccountID: 2 });
    placeValues(machine, `${profile}\\9375CFF0413111d3B88A00104B2A6676\\00000001`, {
      'Account Name': mailOf(account),
      clsid: '{ED475418-B0D6-11D2-8C3B-00104B2A6676}',
    });
    placeValues(machine, `${profile}\\${servicesSection}`, {
      [mapiProperties.services]: new Uint8Array(16).fill(0x13),
    });
    placeValues(machine, `${profile}\\${mailboxSection}`, {
      [mapiProperties.name]: mapiText(mailOf(account)),
      [mapiProperties.ostPath]: mapiText(mailbox),
    });
    placeValues(machine, `${profile}\\${archiveSection}`, {
      [mapiProperties.name]: mapiText('Archive'),
      [mapiProperties.pstPath]: mapiText(archive),
    });
  });
};
