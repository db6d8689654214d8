import { Failure } from '../kernel/failure.ts';
import { bindUse } from '../planning/bind.ts';
import type { PlannedHost, PlannedUse } from '../planning/plan.ts';
import { isSecretReference, secretParameters } from '../planning/secret-values.ts';
import type { Detection, HostKit, Verification } from '../remote/powershell/host-kit.ts';
import type { PreparedPlan } from './prepare-plan.ts';

/** What a read-only script answered; without a result the reason says why there is none. */
type ScriptAnswer<T> = { readonly result: T | null; readonly reason: string };

/** Runs one read-only script of a plan on a host. @throws Failure where the session breaks, `bad-launch` where the plan lacks the script */
export type ReadScript = <T extends Detection | Verification>(
  use: PlannedUse,
  kind: 'detect' | 'verify',
) => Promise<ScriptAnswer<T>>;

/** Runs scripts of a plan with the values of a host; secrets are resolved right before they travel. */
export function scriptReader(
  { plan, blobs }: PreparedPlan,
  host: PlannedHost,
  kit: Pick<HostKit, 'read'>,
  resolveSecret: (reference: string) => unknown,
): ReadScript {
  return async <T extends Detection | Verification>(use: PlannedUse, kind: 'detect' | 'verify') => {
    const action = plan.actions[use.uses];
    const sha256 = action?.scripts[kind];
    const text = sha256 === undefined ? undefined : blobs.get(sha256);
    if (action === undefined || sha256 === undefined || text === undefined)
      throw new Failure('bad-launch', `The plan holds no ${kind} script for ${use.uses}; plan again.`);
    const secrets = secretParameters(action);
    const parameters = Object.fromEntries(
      Object.entries(bindUse(action, use, host.parameters)).map(([name, value]) => [
        name,
        secrets.includes(name) && isSecretReference(value) ? resolveSecret(value.secret) : value,
      ]),
    );
    const { longestMs, lanes, interruptible } = action;
    const call = { step: use.id, kind, text, sha256, parameters, lane: lanes[kind], longestMs, interruptible };
    const outcome = await kit.read<T>(call);
    if (outcome.kind === 'done') return { result: outcome.result, reason: outcome.result.reason };
    return { result: null, reason: outcome.kind === 'failed' ? outcome.fault.message : 'still running' };
  };
}
