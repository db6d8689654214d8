import { Secret } from '../../kernel/secret.ts';
import type { Json, ScriptKind } from '../../kernel/words.ts';
import { bindUse } from '../../planning/bind.ts';
import type { PlannedUse } from '../../planning/plan.ts';
import { isSecretReference, secretParameters } from '../../planning/secret-values.ts';
import type { ScriptCall } from '../../remote/powershell/host-kit.ts';
import type { Work } from './work.ts';

/**
 * A script of an action with its bound parameters. References to secrets are resolved here, right before they travel,
 * and their values are masked in everything that is written down from now on (I6).
 * @throws Failure `secret-missing`; RangeError where the action has no such script
 */
export async function scriptCall(work: Work, use: PlannedUse, kind: ScriptKind): Promise<ScriptCall> {
  const { plan, host, user } = work.state;
  const action = plan.actions[use.uses];
  const sha256 = action?.scripts[kind];
  if (action === undefined || sha256 === undefined)
    throw new RangeError(`\`${use.uses}\` has no ${kind} script in the plan`);
  const secret = new Set(secretParameters(action));
  const parameters: Record<string, Json | Secret> = {};
  for (const [name, value] of Object.entries(bindUse(action, use, host.parameters))) {
    parameters[name] =
      secret.has(name) && isSecretReference(value) ? await reveal(work, value.secret) : (value as Json);
  }
  const text = work.ports.script(sha256);
  const { lanes, longestMs, interruptible } = action;
  const lane = lanes[kind];
  const call = { step: use.id, kind, text, sha256, parameters, lane, longestMs, interruptible };
  return lane === 'user' && user !== null ? { ...call, user: user.sid } : call;
}

async function reveal(work: Work, reference: string): Promise<Secret> {
  const value = await work.ports.secret(reference);
  work.redactor.note(value);
  return new Secret(value);
}
