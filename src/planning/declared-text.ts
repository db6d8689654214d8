import type { ParameterDeclaration } from '../input/document/words.generated.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { dotnetPattern } from './dotnet-pattern.ts';
import type { PlannedAction } from './plan.ts';

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
  const text = canonicalJson({
    longestMs,
    interruptible,
    lanes: Object.fromEntries(Object.entries(action.lanes).filter(([kind]) => kinds.has(kind))),
    parameters: Object.fromEntries(Object.entries(action.parameters).map(([name, each]) => [name, limitsOf(each)])),
    touches: Object.fromEntries(Object.entries(action.touches).filter(([, names]) => Array.isArray(names))),
  });
  return text.replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

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
