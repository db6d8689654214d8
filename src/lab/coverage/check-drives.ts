import type { Expression } from '../../powershell/expression-tree.ts';
import type { ScriptBody } from '../../powershell/syntax-tree.ts';
import { nodesOf } from '../../powershell/walk.ts';
import { outsideDriveOf } from '../evaluator/outside-drives.ts';
import type { Findings } from './findings.ts';

/** How a text begins, as far as it stands in the script. */
const beginning = (node: Expression): string => {
  if (node.kind === 'string') return node.value;
  const [first] = node.kind === 'expandable' ? node.parts : [];
  return typeof first === 'string' ? first : '';
};

/** Finds paths of drives that Windows has and the lab has not, wherever they stand as texts or variables (`Cert:\LocalMachine\My`). */
export const findDrives = (root: ScriptBody, findings: Findings): void => {
  for (const node of nodesOf(root)) {
    const path =
      node.kind === 'string' || node.kind === 'expandable'
        ? // `Alias: x` is a sentence.
          /^[\w.\\]+:(?::|[\\/]|$)/.exec(beginning(node))?.[0]
        : node.kind === 'variable' && node.scope !== undefined
          ? `${node.scope}:`
          : undefined;
    const drive = path === undefined ? undefined : outsideDriveOf(path);
    if (drive !== undefined) findings.note('call', `paths of the drive ${drive}`, node.start, 'outside');
  }
};
