import type { Expression, Variable } from '../powershell/expression-tree.ts';
import type { Statement } from '../powershell/syntax-tree.ts';
import { onlyExpression, plainText } from './call.ts';
import { commandName, type LintScript } from './lint-script.ts';

/** More texts than this are not followed. */
const most = 200;

type Texts = readonly string[] | null;

/**
 * The texts that an expression can have, as far as the script alone tells: variables by all that is assigned to them, members by all that
 * tables of the script have under that name. Variables of the environment are `%name%`, what only a run knows within a text is `*`.
 * @returns null where a text may come from elsewhere
 */
export const textsOf = (value: Expression | null, script: LintScript): Texts => resolve(value, script, new Set());

function resolve(value: Expression | null, script: LintScript, seen: ReadonlySet<unknown>): Texts {
  if (value === null || seen.has(value) || seen.size > 60) return null;
  const inner = new Set([...seen, value]);
  const again = (each: Expression | null): Texts => resolve(each, script, inner);
  switch (value.kind) {
    case 'string':
      return [value.value];
    case 'expandable':
      return ofParts(value.parts, again);
    case 'variable':
      return ofVariable(value, script, again);
    case 'member': {
      const name = value.isStatic ? null : plainText(value.name);
      return name === null ? null : together(entriesOf(name, script).map(again));
    }
    case 'array':
      return together(value.items.map(again));
    case 'arrayExpression':
    case 'subExpression':
      return together(value.block.statements.map((each) => ofStatement(each, again)));
    case 'parenthesis':
      return ofStatement(value.inner, again);
    case 'cast':
      return again(value.operand);
    default:
      return null;
  }
}

type Again = (value: Expression | null) => Texts;

function ofParts(parts: readonly (string | Expression)[], again: Again): Texts {
  // A text of which nothing is known tells nothing.
  if (parts.length === 1 && typeof parts[0] !== 'string') return again(parts[0] ?? null);
  let texts: readonly string[] = [''];
  for (const part of parts) {
    const more = typeof part === 'string' ? [part] : (again(part) ?? ['*']);
    texts = texts.flatMap((text) => more.map((each) => text + each));
    if (texts.length > most) return null;
  }
  return texts;
}

function ofVariable(value: Variable, script: LintScript, again: Again): Texts {
  const name = value.name.toLowerCase();
  if (value.scope === 'env') return [`%${name}%`];
  const texts: Texts[] = [];
  for (const node of script.nodes) {
    if (node.kind === 'parameter' && node.name.toLowerCase() === name) return null;
    if (node.kind === 'foreach' && node.variable.name.toLowerCase() === name)
      texts.push(ofStatement(node.source, again));
    const target =
      node.kind === 'assignment' && node.target.kind === 'cast'
        ? node.target.operand
        : node.kind === 'assignment'
          ? node.target
          : null;
    if (node.kind !== 'assignment' || target?.kind !== 'variable' || target.name.toLowerCase() !== name) continue;
    texts.push(ofStatement(node.value, again));
  }
  return texts.length === 0 ? null : together(texts);
}

function ofStatement(statement: Statement, again: Again): Texts {
  const only = onlyExpression(statement);
  if (only) return again(only);
  const [element] = statement.kind === 'pipeline' && statement.elements.length === 1 ? statement.elements : [];
  if (element?.kind !== 'command' || commandName(element) !== 'join-path') return null;
  const values = element.elements.flatMap((each) => (each.kind === 'argument' ? [each.value] : []));
  const [parent, child] = [again(values[0] ?? null), again(values[1] ?? null) ?? ['*']];
  return parent === null ? null : parent.flatMap((left) => child.map((right) => `${left}\\${right}`));
}

/** Values that tables of the script have under a name. */
const entriesOf = (name: string, { nodes }: LintScript): readonly (Expression | null)[] => {
  const found = nodes.flatMap((node) =>
    node.kind === 'hash' ? node.entries.filter(({ key }) => plainText(key)?.toLowerCase() === name.toLowerCase()) : [],
  );
  return found.length === 0 ? [null] : found.map((entry) => onlyExpression(entry.value));
};

const together = (all: readonly Texts[]): Texts => {
  const texts: string[] = [];
  for (const each of all) {
    if (each === null) return null;
    texts.push(...each);
  }
  return texts.length > most ? null : texts;
};
