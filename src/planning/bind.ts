import type { Json, Touches } from '../kernel/words.ts';
import type { PlannedAction, PlannedUse, SecretReference } from './plan.ts';

/** Bound parameters of a host, or of one use of an action. */
export type BoundParameters = { readonly [name: string]: Json | SecretReference };

/**
 * Replaces every `$name` (a whole value, at any depth) by the host's parameter of that name, with its type; `$$` at the start
 * stands for one `$`. Nothing is pasted into text.
 * @throws RangeError for a name that is not bound; a checked playbook has none
 */
export function bindWith(values: { readonly [name: string]: Json }, parameters: BoundParameters): BoundParameters {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, bindValue(value, parameters)]));
}

/**
 * The values that the scripts of one use of an action are given: its own, bound, and the action's defaults for the others.
 * @throws RangeError as `bindWith`
 */
export function bindUse(
  action: Pick<PlannedAction, 'parameters'>,
  use: Pick<PlannedUse, 'with'>,
  parameters: BoundParameters,
): BoundParameters {
  const defaults = Object.entries(action.parameters).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(defaults), ...bindWith(use.with, parameters) };
}

/** Name of the parameter that a value stands for, or null where it is a plain value. */
export function parameterName(value: Json): string | null {
  if (typeof value !== 'string' || !value.startsWith('$') || value.startsWith('$$')) return null;
  return value.slice(1);
}

/** Whether a value stands, at any depth, for a parameter of the playbook. */
export function hasReference(value: Json): boolean {
  if (typeof value === 'object' && value !== null)
    return Object.values(value).some((each) => hasReference(each as Json));
  return parameterName(value) !== null;
}

/** What a use touches: each name `$parameter` of the action replaced by the value, or the values, bound for this use. */
export function bindTouches(touches: Touches, bound: BoundParameters): Touches {
  const names = (list: readonly string[]): readonly string[] =>
    list.flatMap((name) => {
      if (!name.startsWith('$')) return [name];
      const value = bound[name.slice(1)];
      return [value].flat().filter((each) => typeof each === 'string' && each !== '') as string[];
    });
  return Object.fromEntries(
    Object.entries(touches).map(([kind, value]) => [
      kind,
      Array.isArray(value) ? names(value as readonly string[]) : value,
    ]),
  );
}

function bindValue(value: Json, parameters: BoundParameters): Json {
  const name = parameterName(value);
  if (name !== null) {
    if (!Object.hasOwn(parameters, name)) throw new RangeError(`no parameter \`${name}\` is bound`);
    return parameters[name] as Json;
  }
  if (typeof value === 'string') return value.startsWith('$$') ? value.slice(1) : value;
  if (Array.isArray(value)) return value.map((each) => bindValue(each, parameters));
  if (typeof value !== 'object' || value === null) return value;
  return bindWith(value as { readonly [name: string]: Json }, parameters) as Json;
}
