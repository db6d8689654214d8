import type { Json } from '../kernel/words.ts';
import type { PlannedAction, SecretReference } from './plan.ts';

/** Whether a bound value is a reference to a secret, to be resolved when a session is open. */
export function isSecretReference(value: Json | SecretReference | undefined): value is SecretReference {
  return (
    typeof value === 'object' &&
    value !== null &&
    'secret' in value &&
    typeof value.secret === 'string' &&
    Object.keys(value).length === 1
  );
}

/** Names of the action's parameters that hold secrets; only these are resolved and travel as SecureString. */
export function secretParameters(action: PlannedAction): readonly string[] {
  return Object.keys(action.parameters).filter((name) => action.parameters[name]?.type === 'secret');
}
