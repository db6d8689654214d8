import type { ParameterDeclaration } from '../input/document/words.generated.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { Json } from '../kernel/words.ts';
import { bindWith, hasReference } from './bind.ts';
import { dotnetPattern } from './dotnet-pattern.ts';
import type { PlannedAction, PlannedUse } from './plan.ts';

/** What of an action its host may hold a client to. Of its scripts only the kinds count. */
export type DeclaredAction = Pick<
  PlannedAction,
  'lanes' | 'longestMs' | 'interruptible' | 'parameters' | 'touches' | 'scripts'
>;

/**
 * What an action declares, as one JSON text (ASCII, keys sorted): its parameters with their limits, what it touches, the lane of each script,
 * its longest duration, whether it is interruptible. The module of a no-language endpoint holds it, and plan and module are compared by its hash.
 */
export function declaredText(action: DeclaredAction): string {
  const { longestMs, interruptible } = action;
  const kinds = new Set(
    Object.entries(action.scripts).flatMap(([kind, script]) => (script === undefined ? [] : [kind])),
  );
  return asciiJson({
    longestMs,
    interruptible,
    lanes: Object.fromEntries(Object.entries(action.lanes).filter(([kind]) => kinds.has(kind))),
    parameters: Object.fromEntries(Object.entries(action.parameters).map(([name, each]) => [name, limitsOf(each)])),
    touches: Object.fromEntries(Object.entries(action.touches).filter(([, names]) => Array.isArray(names))),
  });
}

/**
 * The parameters of an action to which these uses give values of their own, or the default, and the values, as one JSON text: a module that is
 * exported for these uses lets them have no others. One that a use leaves to the launch (`$name`) is not among them, and no secret.
 */
export function settledText(
  action: Pick<PlannedAction, 'id' | 'parameters'>,
  uses: readonly Pick<PlannedUse, 'uses' | 'with'>[],
): string {
  const own = uses.filter((use) => use.uses === action.id);
  const settled = Object.entries(action.parameters).flatMap(([name, { type, default: otherwise }]) => {
    const written = own.flatMap((use) => (Object.hasOwn(use.with, name) ? [use.with[name] as Json] : []));
    if (type === 'secret' || own.length === 0 || written.some(hasReference)) return [];
    // In a default no text stands for a parameter.
    const values = [
      ...written.map((value) => bindWith({ value }, {})['value']),
      ...(written.length < own.length ? [otherwise] : []),
    ];
    const texts = new Set(values.map((value) => canonicalJson(value)));
    return [[name, [...texts].toSorted().map((text) => JSON.parse(text) as Json)] as const];
  });
  return asciiJson(Object.fromEntries(settled));
}

/** Canonical JSON that stays the same in whichever code page a host reads it, and between PowerShell's quotes, of which there are several. */
const asciiJson = (value: unknown): string =>
  canonicalJson(value).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

function limitsOf(declaration: ParameterDeclaration): Record<string, unknown> {
  const { type, minimum, maximum, pattern, items } = declaration;
  return {
    type,
    ...(declaration.enum === undefined ? {} : { enum: declaration.enum }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(pattern === undefined ? {} : { pattern: dotnetPattern(pattern) }),
    ...(items === undefined ? {} : { items: limitsOf(items) }),
  };
}
