import { sids } from '../../accounts.ts';
import type { SecurityDescriptor } from '../rights/security-descriptor.ts';

const read = 0x1200a9;

/**
 * Rights of `C:\Windows` and of the folders of Windows below it: they are TrustedInstaller's. Administrators and SYSTEM may add to them and own
 * what is added, but delete nothing that is not theirs.
 */
export const windowsFolder: SecurityDescriptor = {
  owner: sids.trustedInstaller,
  group: sids.trustedInstaller,
  isProtected: true,
  rules: [
    { allow: true, flags: ['OI', 'CI', 'IO'], rights: 0x1f01ff, sid: sids.creatorOwner },
    ...[sids.system, sids.administrators].flatMap((sid) => [
      { allow: true, flags: ['OI', 'CI', 'IO'], rights: 0x1f01ff, sid },
      { allow: true, flags: [], rights: 0x1301bf, sid },
    ]),
    { allow: true, flags: ['OI', 'CI', 'IO'], rights: read, sid: sids.users },
    { allow: true, flags: [], rights: read, sid: sids.users },
    { allow: true, flags: ['CI', 'IO'], rights: 0x1f01ff, sid: sids.trustedInstaller },
    { allow: true, flags: [], rights: 0x1f01ff, sid: sids.trustedInstaller },
  ],
};

/** Rights of a file of Windows: TrustedInstaller's alone to change. */
export const windowsFile: SecurityDescriptor = {
  owner: sids.trustedInstaller,
  group: sids.trustedInstaller,
  isProtected: true,
  rules: [
    { allow: true, flags: [], rights: 0x1f01ff, sid: sids.trustedInstaller },
    ...[sids.administrators, sids.system, sids.users].map((sid) => ({ allow: true, flags: [], rights: read, sid })),
  ],
};
