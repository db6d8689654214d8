import type { Account } from '../../windows/accounts.ts';
import {
  dataFile,
  mailboxFile,
  outlookKey,
  servicesSection,
  startOutlook,
} from '../../windows/machine/apps/outlook.ts';
import { systemPid } from '../../windows/machine/change-feed.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { placeFile } from '../bases/base-files.ts';
import { archiveOf, setUpOutlook } from '../bases/base-outlook.ts';
import { placeValues } from '../bases/base-registry.ts';
import { userOf, withUserHive } from '../bases/base-users.ts';
import type { FaultKinds } from '../fault-kinds.ts';
import { usualUser } from './user-faults.ts';

/** Outlook of a user; `outlook-set-up` is the healthy one. */
export type OutlookFault =
  | { readonly kind: 'outlook-set-up'; readonly user?: string; readonly running?: boolean }
  | {
      readonly kind: 'outlook-profile-broken';
      readonly user?: string;
      readonly cause?: 'default-missing' | 'services-lost';
    }
  | { readonly kind: 'outlook-datafile-missing'; readonly user?: string }
  | { readonly kind: 'outlook-datafile-moved'; readonly user?: string; readonly to?: string }
  | { readonly kind: 'outlook-datafile-torn'; readonly user?: string }
  | { readonly kind: 'outlook-ost-corrupt'; readonly user?: string };

/** A user with Outlook; what Outlook holds is let go. */
const withOutlook = (machine: Machine, user: string | undefined): Account => {
  const account = userOf(machine, user ?? usualUser);
  setUpOutlook(machine, account);
  for (const process of machine.processes.all())
    if (process.name === 'OUTLOOK' && process.account.sid === account.sid)
      void machine.processes.end(process.pid, 0, systemPid);
  return account;
};

/** States of Outlook's profiles and data files. */
export const outlookFaults: FaultKinds<OutlookFault> = {
  'outlook-set-up': (machine, { user, running }) => {
    const account = withOutlook(machine, user);
    const session = machine.users.sessionOf(account.sid);
    if (running === true && session) startOutlook(machine, session);
  },
  'outlook-profile-broken': (machine, { user, cause }) => {
    const account = withOutlook(machine, user);
    withUserHive(machine, account, (root) => {
      if (cause === 'services-lost')
        void machine.registry.remove(`${root}\\${outlookKey}\\Profiles\\Outlook\\${servicesSection}`, systemPid);
      else placeValues(machine, `${root}\\${outlookKey}`, { DefaultProfile: 'Outlook 2013' });
    });
  },
  'outlook-datafile-missing': (machine, { user }) => {
    void machine.files.remove(archiveOf(machine, withOutlook(machine, user)), systemPid);
  },
  'outlook-datafile-moved': (machine, { user, to }) => {
    const account = withOutlook(machine, user);
    const folder = to ?? `${machine.users.profileOf(account.sid) ?? ''}\\Documents\\Old`;
    void machine.files.createFolder(folder, systemPid);
    void machine.files.move(archiveOf(machine, account), `${folder}\\Archive.pst`, systemPid);
  },
  'outlook-datafile-torn': (machine, { user }) => {
    placeFile(machine, archiveOf(machine, withOutlook(machine, user)), 0, 3, dataFile(340, true));
  },
  'outlook-ost-corrupt': (machine, { user }) => {
    placeFile(machine, mailboxFile(machine, withOutlook(machine, user)), 0, 1, new Uint8Array(8192));
  },
};
