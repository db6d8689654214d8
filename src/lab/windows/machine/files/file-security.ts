import { type AccessRule, noRules, passOnRules, type SecurityDescriptor } from '../rights/security-descriptor.ts';
import { type FileNode, hasOtherNames, walkNodes } from './file-node.ts';

const usualSecurity: SecurityDescriptor = { owner: 'S-1-5-32-544', group: 'S-1-5-18', isProtected: false, rules: [] };

/** Owner and own rules of a file or folder. */
export const securityOf = (node: FileNode): SecurityDescriptor => node.security ?? usualSecurity;

/** Rules that a file or folder gets from above. */
export const inheritedRules = (node: FileNode): readonly AccessRule[] => {
  if (node.keptRules) return node.keptRules;
  const { parent } = node.file.ruledBy ?? node;
  return parent ? passOnRules(securityOf(parent), inheritedRules(parent), node.isFolder) : noRules;
};

/** A node goes to another folder of its volume and takes the rules with it that it inherited so far. */
export const keepRules = (node: FileNode): void => {
  node.keptRules = inheritedRules(node);
};

// A file in several folders has the rules of the one that passed them on last.
const passOnBy = (node: FileNode): void => {
  node.keptRules = undefined;
  node.file.ruledBy = hasOtherNames(node) ? node : undefined;
};

/** Rules are set on a node: they are passed on anew to it and to all below it. */
export const passOnAnew = (node: FileNode): void => {
  passOnBy(node);
  for (const child of walkNodes(node)) passOnBy(child);
};
