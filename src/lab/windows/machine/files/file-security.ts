import { type AccessRule, noRules, passOnRules, type SecurityDescriptor } from '../rights/security-descriptor.ts';
import type { FileNode } from './file-node.ts';

const usualSecurity: SecurityDescriptor = { owner: 'S-1-5-32-544', group: 'S-1-5-18', isProtected: false, rules: [] };

/** Owner and own rules of a file or folder. */
export const securityOf = (node: FileNode): SecurityDescriptor => node.security ?? usualSecurity;

/** Rules that a file or folder gets from above. */
export const inheritedRules = (node: FileNode): readonly AccessRule[] => {
  const { parent } = node;
  return parent ? passOnRules(securityOf(parent), inheritedRules(parent), node.isFolder) : noRules;
};
