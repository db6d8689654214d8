import { Failure } from '../kernel/failure.ts';
import type { Launch, Plan } from '../planning/plan.ts';
import type { Engine } from './engine.ts';

/** The plan of a launch, from the store. @throws Failure `work-refused` where it is missing or has another digest */
export async function readPlan(engine: Engine, launch: Launch): Promise<Plan> {
  const text = await engine.blobs.get(launch.planDigest);
  if (text === null)
    throw new Failure(
      'work-refused',
      `The plan ${launch.planDigest} of run ${launch.run} is not in the store; launch again.`,
    );
  return JSON.parse(text) as Plan;
}
