import type { ParameterDeclaration } from '../input/document/words.generated.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
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
 * The parameters of an action that none of these uses sets, with the defaults that its scripts are then given, as one JSON text: a module that is
 * exported for these uses lets them have no other value.
 */
export function fixedText(
  action: Pick<PlannedAction, 'id' | 'parameters'>,
  uses: Iterable<Pick<PlannedUse, 'uses' | 'with'>>,
): string {
  const set = new Set(Array.from(uses).flatMap((use) => (use.uses === action.id ? Object.keys(use.with) : [])));
  const fixed = Object.entries(action.parameters).filter(
    ([name, { default: value }]) => value !== undefined && !set.has(name),
  );
  return asciiJson(Object.fromEntries(fixed.map(([name, { default: value }]) => [name, value])));
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
