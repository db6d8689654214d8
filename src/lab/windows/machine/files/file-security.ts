import { type AccessRule, noRules, passOnRules, type SecurityDescriptor } from '../rights/security-descriptor.ts';
import { type FileNode, walkNodes } from './file-node.ts';

const usualSecurity: SecurityDescriptor = { owner: 'S-1-5-32-544', group: 'S-1-5-18', isProtected: false, rules: [] };

/** Owner and own rules of a file or folder. */
export const securityOf = (node: FileNode): SecurityDescriptor => node.security ?? usualSecurity;

/** Rules that a file or folder gets from above. */
export const inheritedRules = (node: FileNode): readonly AccessRule[] => {
  const { parent, keptRules } = node;
  if (keptRules) return keptRules;
  return parent ? passOnRules(securityOf(parent), inheritedRules(parent), node.isFolder) : noRules;
};

/** A node goes to another folder of its volume and takes the rules with it that it inherited so far. */
export const keepRules = (node: FileNode): void => {
  node.keptRules = inheritedRules(node);
};

/** Rules are set on a node: they are passed on anew to it and to all below it. */
export const passOnAnew = (node: FileNode): void => {
  node.keptRules = undefined;
  for (const child of walkNodes(node)) child.keptRules = undefined;
};
