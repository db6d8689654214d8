import type { Expression } from '../../powershell/expression-tree.ts';
import type { Command } from '../../powershell/syntax-tree.ts';
import { expressionOf } from './hash-tables.ts';

/** The path of a command as far as the script tells it: the whole, or what stands behind a folder that only a run knows. */
export type NamedProgram = { readonly text: string; readonly isWhole: boolean };

/** Variables of the environment that mean the same folder on every host of the lab. */
const folders: Readonly<Record<string, string>> = {
  comspec: 'C:\\Windows\\system32\\cmd.exe',
  commonprogramfiles: 'C:\\Program Files\\Common Files',
  programdata: 'C:\\ProgramData',
  programfiles: 'C:\\Program Files',
  'programfiles(x86)': 'C:\\Program Files (x86)',
  systemdrive: 'C:',
  systemroot: 'C:\\Windows',
  windir: 'C:\\Windows',
};

const unknown: NamedProgram = { text: '', isWhole: false };

const joined = (left: NamedProgram, right: NamedProgram, between = ''): NamedProgram =>
  right.isWhole ? { text: `${left.text}${between}${right.text}`, isWhole: left.isWhole } : right;

/** What `Join-Path` makes of two arguments without names. */
const ofJoinPath = (command: Command): NamedProgram => {
  const values = command.elements.flatMap((element) => (element.kind === 'argument' ? [element.value] : []));
  const [parent, child] = values;
  if (!parent || !child || values.length !== command.elements.length || values.length !== 2) return unknown;
  return joined(textOf(parent), textOf(child), '\\');
};

const textOf = (value: Expression): NamedProgram => {
  switch (value.kind) {
    case 'string':
      return { text: value.value, isWhole: true };
    case 'expandable':
      return value.parts.reduce<NamedProgram>(
        (before, part) => joined(before, typeof part === 'string' ? { text: part, isWhole: true } : textOf(part)),
        { text: '', isWhole: true },
      );
    case 'variable': {
      const folder = value.scope === 'env' ? folders[value.name.toLowerCase()] : undefined;
      return folder === undefined ? unknown : { text: folder, isWhole: true };
    }
    case 'binary':
      return value.operator === '+' ? joined(textOf(value.left), textOf(value.right)) : unknown;
    case 'parenthesis': {
      const { inner } = value;
      const expression = expressionOf(inner);
      if (expression) return textOf(expression);
      const [only, ...rest] = inner.kind === 'pipeline' ? inner.elements : [];
      const isJoin = only?.kind === 'command' && only.name.kind === 'string' && /^join-path$/i.test(only.name.value);
      return isJoin && rest.length === 0 ? ofJoinPath(only) : unknown;
    }
    default:
      return unknown;
  }
};

/** What a command is called by; undefined where not even the name of its file stands in the script. */
export const programNameOf = (name: Expression): NamedProgram | undefined => {
  const named = textOf(name);
  if (named.isWhole) return named.text === '' ? undefined : named;
  const leaf = named.text.slice(named.text.lastIndexOf('\\') + 1);
  return named.text.includes('\\') && leaf !== '' ? { text: leaf, isWhole: false } : undefined;
};
