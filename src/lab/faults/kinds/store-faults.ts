import { Failure } from '../../../kernel/failure.ts';
import {
  launchResults,
  storeCacheFile,
  storeFamily,
  tellLaunchFailure,
  tokensFile,
} from '../../windows/machine/apps/app-launch.ts';
import { encodePackage } from '../../windows/machine/apps/app-package.ts';
import { systemPid } from '../../windows/machine/change-feed.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { parseSddl } from '../../windows/machine/rights/security-descriptor.ts';
import { placeFile } from '../bases/base-files.ts';
import { placeValues } from '../bases/base-registry.ts';
import { inboxPackages } from '../bases/base-store.ts';
import { userOf } from '../bases/base-users.ts';
import type { FaultKinds } from '../fault-kinds.ts';
import { lacks } from '../host-flaw.ts';
import { usualUser } from './user-faults.ts';

/** The Store and the packages of apps do not work; clients only. */
export type StoreFault =
  | { readonly kind: 'store-cache-corrupt'; readonly user?: string }
  | {
      readonly kind: 'store-package-broken';
      readonly user?: string;
      readonly package?: string;
      readonly cause?: 'registration-lost' | 'files-missing' | 'acl-broken';
      readonly source?: string;
    }
  | { readonly kind: 'store-licence-broken'; readonly cause?: 'tokens' | 'service-disabled' | 'policy' }
  | { readonly kind: 'store-default-volume-missing'; readonly drive?: string };

/** @throws Failure `bad-input` on a server */
export const needStore = (machine: Machine, kind: string): void => {
  if (machine.apps.exists) return;
  throw new Failure('bad-input', `the fault ${kind} needs a client: ${machine.edition.caption} has no Store`, {
    facts: { fault: kind },
  });
};

const contentOf = (name: string) => {
  const found = inboxPackages.find(({ fullName }) => fullName.toLowerCase().startsWith(`${name.toLowerCase()}_`));
  if (!found)
    throw lacks(`no package \`${name}\` comes with its Windows`, {
      given: name,
      known: inboxPackages.map(({ fullName }) => fullName.replace(/_.*$/, '')),
    });
  return found;
};

/** The user has tried to open an app three hours ago and yesterday: the event log tells of it. */
const hasTried = (machine: Machine, sid: string, family: string, code: number): void => {
  for (const hours of [27, 3])
    tellLaunchFailure(machine, sid, family, code, machine.clock.wallMs() - hours * 3_600_000);
};

const packageResults = {
  'registration-lost': launchResults.notRegistered,
  'files-missing': launchResults.fileMissing,
  'acl-broken': launchResults.accessDenied,
} as const;

const breakPackage = (
  machine: Machine,
  fault: Extract<StoreFault, { readonly kind: 'store-package-broken' }>,
): void => {
  const { apps, files } = machine;
  const account = userOf(machine, fault.user ?? usualUser);
  const content = contentOf(fault.package ?? 'Microsoft.WindowsStore');
  const folder = apps.folderOf(content.fullName);
  if (fault.source !== undefined) placeFile(machine, fault.source, 0, 1, encodePackage(content));
  const cause = fault.cause ?? 'registration-lost';
  const family = content.fullName.replace(/_.*_/, '_');
  hasTried(machine, account.sid, family, packageResults[cause]);
  switch (cause) {
    case 'registration-lost':
      void apps.unregister(account.sid, content.fullName, systemPid, true);
      break;
    case 'files-missing':
      void files.remove(`${folder}\\${content.executable ?? Object.keys(content.files)[0] ?? ''}`, systemPid, {
        force: true,
      });
      break;
    case 'acl-broken': {
      const node = files.get(folder);
      node.security = parseSddl('O:BAG:SYD:PAI(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)', files.securityOf(node));
    }
  }
};

/** States of the Store, of its packages, licences and volumes. */
export const storeFaults: FaultKinds<StoreFault> = {
  'store-cache-corrupt': (machine, { kind, user }) => {
    needStore(machine, kind);
    const account = userOf(machine, user ?? usualUser);
    const folder = `${machine.users.profileOf(account.sid) ?? ''}\\AppData\\Local\\Packages\\${storeFamily}\\LocalCache`;
    placeFile(machine, `${folder}\\${storeCacheFile}`, 0, 2, new Uint8Array(4096));
    // it has been in use for longer than the failures go back
    machine.files.get(folder).createdMs = machine.clock.wallMs() - 40 * 86_400_000;
    hasTried(machine, account.sid, storeFamily, launchResults.storeCache);
  },
  'store-package-broken': (machine, fault) => {
    needStore(machine, fault.kind);
    breakPackage(machine, fault);
  },
  'store-licence-broken': (machine, { kind, cause }) => {
    needStore(machine, kind);
    const [account] = machine.accounts;
    const code = cause === 'policy' ? launchResults.blockedByPolicy : launchResults.licence;
    if (account) hasTried(machine, account.sid, storeFamily, code);
    if (cause === 'service-disabled') void machine.services.configure('ClipSVC', { start: 'Disabled' }, systemPid);
    else if (cause === 'policy')
      placeValues(machine, 'HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsStore', { RemoveWindowsStore: 1 });
    else placeFile(machine, tokensFile, 0, 3, new Uint8Array(512));
  },
  'store-default-volume-missing': (machine, { kind, drive }) => {
    needStore(machine, kind);
    const guid = '{0c4d7e2a-5b19-4f0e-8d35-9a61c2f7b480}';
    void machine.apps.addVolume(guid, `${drive ?? 'E:'}\\WindowsApps`, systemPid);
    const volume = machine.apps.volumes().find(({ name }) => name.endsWith(guid));
    if (volume) void machine.apps.setDefaultVolume(volume, systemPid);
  },
};

/** Kinds that a server cannot be put into. */
export const storeFaultKinds: readonly string[] = Object.keys(storeFaults);
