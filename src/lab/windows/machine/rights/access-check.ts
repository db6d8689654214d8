import { type Account, sids } from '../../accounts.ts';
import type { FileNode } from '../files/file-node.ts';
import type { FileSystem } from '../files/file-system.ts';
import type { Registry } from '../registry/registry.ts';
import type { AccessRule, SecurityDescriptor } from './security-descriptor.ts';

/** Rights of files and keys that callers ask for. */
export const wantedRights = { readFile: 0x120089, modifyFile: 0x1301bf, readKey: 0x20019, writeKey: 0x20006 } as const;

/** SIDs that the services of an update run with. */
export const serviceTokens = {
  system: ['S-1-5-18', 'S-1-1-0', 'S-1-5-11', 'S-1-5-32-544'],
  cryptsvc: [
    'S-1-5-20',
    'S-1-5-80-242729624-280608522-2219052887-3187409060-2225943459',
    'S-1-1-0',
    'S-1-5-11',
    'S-1-5-6',
    'S-1-5-32-545',
  ],
  trustedInstaller: [
    'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464',
    'S-1-5-18',
    'S-1-1-0',
    'S-1-5-11',
    'S-1-5-32-544',
  ],
} as const;

const generic: readonly (readonly [number, number])[] = [
  [0x10000000, 0x1f01ff],
  [0x80000000 | 0, 0x120089],
  [0x40000000, 0x120116],
  [0x20000000, 0x1200a0],
];

const expand = (rights: number): number => {
  let mask = rights;
  for (const [bit, means] of generic) if (rights & bit) mask |= means;
  return mask;
};

/** Whether a process may do something with an object that has these rules; processes that Windows runs itself may do everything. */
export type MayUse = (
  pid: number,
  security: SecurityDescriptor,
  inherited: readonly AccessRule[],
  wanted: number,
) => boolean;

/** Rights that operations on files, keys and services need. */
export const neededRights = {
  readData: 0x1,
  listFolder: 0x1,
  writeData: 0x2,
  addFile: 0x2,
  addFolder: 0x4,
  deleteChild: 0x40,
  writeAttributes: 0x100,
  delete: 0x10000,
  readRules: 0x20000,
  writeRules: 0x40000,
  writeOwner: 0x80000,
  setValue: 0x2,
  createKey: 0x4,
  changeConfig: 0x2,
  startService: 0x10,
  stopService: 0x20,
} as const;

/** SIDs of an account's token. */
export const tokenSids = (account: Account): string[] => [account.sid, 'S-1-1-0', 'S-1-5-11', ...account.groups];

/**
 * Whether a token gets all rights it asks for: rules are looked at in order, explicit ones first (MS-DTYP 2.5.3.2). An object without any
 * rule is open to nobody but its owner. `denyOnly` are groups of a filtered token: rules that allow do not count for them.
 */
export const allows = (
  token: readonly string[],
  security: SecurityDescriptor,
  inherited: readonly AccessRule[],
  wanted: number,
  denyOnly: readonly string[] = [],
): boolean => {
  const ordered = [
    ...security.rules.filter(({ allow }) => !allow),
    ...security.rules.filter(({ allow }) => allow),
    ...(security.isProtected ? [] : inherited),
  ];
  let missing = wanted;
  // Its owner may always read and change the rules.
  if (token.includes(security.owner)) missing &= ~0x60000;
  for (const rule of ordered) {
    // What a folder passes on to whoever creates something in it is the owner's there.
    const sid = rule.sid === sids.creatorOwner ? security.owner : rule.sid;
    const counts = token.includes(sid) || (!rule.allow && denyOnly.includes(sid));
    if (rule.flags.includes('IO') || !counts) continue;
    const mask = expand(rule.rights);
    if (!rule.allow && mask & missing) return false;
    if (rule.allow) missing &= ~mask;
    if (missing === 0) return true;
  }
  return missing === 0;
};

/** Whether a token gets rights on a file or folder. */
export const mayUseNode = (files: FileSystem, node: FileNode, token: readonly string[], wanted: number): boolean =>
  allows(token, files.securityOf(node), files.inheritedRules(node), wanted);

/** Whether a token may do something with a file or folder; what is not there is nobody's to refuse. */
export const mayUseFile = (files: FileSystem, path: string, token: readonly string[], wanted: number): boolean => {
  const node = files.find(path);
  return !node || mayUseNode(files, node, token, wanted);
};

/** The same for a registry key. */
export const mayUseKey = (registry: Registry, path: string, token: readonly string[], wanted: number): boolean => {
  const key = registry.find(path);
  if (!key) return true;
  const { security, inherited } = registry.securityOf(key);
  return allows(token, security, inherited, wanted);
};
