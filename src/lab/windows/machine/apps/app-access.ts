import { sids } from '../../accounts.ts';
import type { FileNode } from '../files/file-node.ts';
import type { FileSystem } from '../files/file-system.ts';

/** Read and execute. */
const readExecute = 0x1200a9;

/**
 * Whether an account may read and run a file: its rules in the order in which they stand, the first that speaks of a right decides it.
 * @param who SIDs of the account and its groups
 */
export const mayRead = (files: FileSystem, node: FileNode, who: readonly string[]): boolean => {
  const own = files.securityOf(node);
  const rules = own.isProtected ? own.rules : [...own.rules, ...files.inheritedRules(node)];
  const holds = new Set([...who, 'S-1-1-0']);
  let granted = 0;
  for (const rule of rules) {
    if (rule.flags.includes('IO') || !holds.has(rule.sid)) continue;
    const rights = rule.rights & 0x10000000 || rule.rights & 0x80000000 ? readExecute : rule.rights;
    if (!rule.allow && (rights & readExecute & ~granted) !== 0) return false;
    if (rule.allow) granted |= rights;
  }
  return (granted & readExecute) === readExecute;
};

/** Those whose right to read decides whether a user's app starts: the user's groups and the app packages. */
export const appReaders = ['S-1-15-2-1', sids.users] as const;
