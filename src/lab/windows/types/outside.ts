import { Failure } from '../../../kernel/failure.ts';
import { markOutside } from '../../evaluator/outside-member.ts';
import type { PropertyDefinition } from '../../evaluator/type-definition.ts';

/**
 * Ends a script that reads something Windows has and the lab does not simulate; an empty value would be silently wrong.
 * @throws Failure `lab-unsupported`
 */
export const refuseMember = (member: string): never => {
  throw new Failure('lab-unsupported', `The lab does not simulate ${member}.`, { facts: { construct: member } });
};

/** Properties that the real type has and the lab does not simulate. */
export const outsideProperties = (type: string, names: string): Record<string, PropertyDefinition<unknown>> =>
  Object.fromEntries(
    names
      .split(/\s+/)
      .map((name) => [name, { hidden: true, get: markOutside(() => refuseMember(`[${type}].${name}`)) }]),
  );
