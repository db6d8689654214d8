import type { Expression } from '../powershell/expression-tree.ts';
import type { Command, Statement } from '../powershell/syntax-tree.ts';
import { nodesOf } from '../powershell/walk.ts';

/** A value given to a command; `name` is null where it is given by its place, `value` where it is a switch. */
export type GivenArgument = { readonly name: string | null; readonly value: Expression | null; readonly at: number };

/**
 * What a call gives, in order.
 * @param isSwitch whether a parameter (lower case, as written) takes no value; by default each takes the value behind it
 */
export function givenArguments(
  node: Command,
  isSwitch: (name: string) => boolean = () => false,
): readonly GivenArgument[] {
  const given: GivenArgument[] = [];
  for (let index = 0; index < node.elements.length; index++) {
    const element = node.elements[index];
    if (element === undefined) continue;
    if (element.kind === 'argument') {
      given.push({ name: null, value: element.value, at: element.start });
      continue;
    }
    const name = element.name.toLowerCase();
    const next = node.elements[index + 1];
    const takesNext = element.argument === undefined && !isSwitch(name) && next?.kind === 'argument';
    if (takesNext) index++;
    const value = element.argument ?? (takesNext ? next.value : null);
    given.push({ name, value, at: element.start });
  }
  return given;
}

/** Whether a call gives a parameter, by its name or the beginning of it (at least three letters). */
export const gives = (node: Command, name: string): boolean =>
  node.elements.some(
    (element) =>
      element.kind === 'commandParameter' &&
      (element.name.toLowerCase() === name || (element.name.length > 2 && name.startsWith(element.name.toLowerCase()))),
  );

/** The value of a parameter that is given by name. */
export const valueOf = (node: Command, name: string): Expression | null =>
  givenArguments(node).find((each) => each.name === name)?.value ?? null;

/** Whether a call has a splatted variable, so that only a run knows all that it gives. */
export const isSplatted = (node: Command): boolean =>
  node.elements.some(
    (element) => element.kind === 'argument' && element.value.kind === 'variable' && element.value.splat,
  );

/** The text of an expression that stands in the script as it is; null where a run makes it. */
export function plainText(value: Expression | null | undefined): string | null {
  if (value?.kind === 'string') return value.value;
  if (value?.kind === 'expandable' && value.parts.every((part) => typeof part === 'string'))
    return value.parts.join('');
  return null;
}

/** A text as it is written, each part that a run makes as `*`, variables of the environment as `%name%`; null for what is no text. */
export function textShape(value: Expression | null | undefined): string | null {
  if (value?.kind === 'string') return value.value;
  if (value?.kind !== 'expandable') return null;
  return value.parts
    .map((part) =>
      typeof part === 'string'
        ? part
        : part.kind === 'variable' && part.scope === 'env'
          ? `%${part.name.toLowerCase()}%`
          : '*',
    )
    .join('');
}

/** All texts that stand below a node, as `textShape` gives them. */
export const textsBelow = (value: unknown): readonly string[] =>
  [...nodesOf(value)].flatMap((node) => {
    const text = node.kind === 'string' || node.kind === 'expandable' ? textShape(node) : null;
    return text === null ? [] : [text];
  });

/** The expression that a statement consists of, if it is nothing else. */
export function onlyExpression(statement: Statement | undefined): Expression | null {
  if (statement?.kind !== 'pipeline' || statement.elements.length !== 1) return null;
  const [element] = statement.elements;
  return element?.kind === 'expressionCommand' ? element.expression : null;
}
