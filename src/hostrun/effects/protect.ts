import type { HostEventBody } from '../../journal/event.ts';
import type { ProtectionLevel, Touches } from '../../kernel/words.ts';
import { bindTouches, bindUse } from '../../planning/bind.ts';
import { stepsOf } from '../state.ts';
import { claimOf, kitOf, type Work } from './work.ts';

/** Makes (or goes on making) the whole-system safety net. */
export async function createRestorePoint(
  work: Work,
  { level }: { readonly level: ProtectionLevel },
): Promise<HostEventBody> {
  const { systemProtectionOff } = work.state.plan.protect;
  const description = `Kintsugi ${work.ports.run}`;
  const result = await kitOf(work).protect({ ...claimOf(work), level, systemProtectionOff, description });
  switch (result.kind) {
    case 'protected': {
      const { method, id, proof, enabledSystemProtection } = result;
      return { kind: 'protectionMade', data: { method, id, proof, enabledSystemProtection } };
    }
    case 'running':
      return { kind: 'protectionRunning', data: { task: result.task } };
    case 'impossible':
      return { kind: 'protectionImpossible', data: { reason: result.reason, remedy: result.remedy } };
  }
}

/** Looks for the safety net on the host (I2). */
export async function proveRestorePoint(
  work: Work,
  protection: { readonly method: string; readonly id: string },
): Promise<HostEventBody> {
  const { method, id } = protection;
  return { kind: 'protectionProven', data: { exists: await kitOf(work).protectionExists({ method, id }) } };
}

/** Copies what the steps touch and reads its facts. */
export async function captureHost(work: Work): Promise<HostEventBody> {
  const facts = await kitOf(work).capture({ ...claimOf(work), touches: touchesOf(work) });
  return { kind: 'hostCaptured', data: { facts } };
}

/**
 * What the steps of the plan touch on this host, in order; names that stand for a parameter are bound for each step.
 * @param only one step, by its id
 */
export function touchesOf(work: Work, only?: string): readonly Touches[] {
  const { plan, host } = work.state;
  return stepsOf(plan).flatMap((step) => {
    const action = plan.actions[step.uses];
    return action === undefined || (only !== undefined && only !== step.id)
      ? []
      : [bindTouches(action.touches, bindUse(action, step, host.parameters))];
  });
}
