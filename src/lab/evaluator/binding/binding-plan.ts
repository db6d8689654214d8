import type { ParameterSpec, Signature } from './signature.ts';
import { allSets } from './signature.ts';

/** What binding asks of a signature again and again, found out once. */
export type BindingPlan = {
  /** Parameters with a position in some set. */
  readonly positional: readonly ParameterSpec[];
  /**
   * Where there is but one set, with one parameter at each position and none that takes the rest: the parameters in order of position.
   */
  readonly inOrder: readonly ParameterSpec[] | undefined;
  /** Parameters that take pipeline input in some set. */
  readonly fromPipeline: readonly ParameterSpec[];
  /** Parameters that are mandatory in some set. */
  readonly mandatory: readonly ParameterSpec[];
};

const plans = new WeakMap<Signature, BindingPlan>();

const orderOf = ({ specs, setNames }: Signature): readonly ParameterSpec[] | undefined => {
  if (setNames.length > 0 || specs.some((spec) => spec.roles.get(allSets)?.remaining)) return undefined;
  const placed = specs.flatMap((spec) => {
    const position = spec.roles.get(allSets)?.position;
    return position === undefined ? [] : [{ spec, position }];
  });
  if (new Set(placed.map(({ position }) => position)).size < placed.length) return undefined;
  return placed.toSorted((a, b) => a.position - b.position).map(({ spec }) => spec);
};

/** The plan of a signature. */
export const planOf = (signature: Signature): BindingPlan => {
  const known = plans.get(signature);
  if (known) return known;
  const having = (test: (role: NonNullable<ReturnType<ParameterSpec['roles']['get']>>) => boolean): ParameterSpec[] =>
    signature.specs.filter((spec) => [...spec.roles.values()].some(test));
  const made: BindingPlan = {
    positional: having((role) => role.position !== undefined),
    inOrder: orderOf(signature),
    fromPipeline: having((role) => role.fromValue || role.fromName),
    mandatory: having((role) => role.mandatory),
  };
  plans.set(signature, made);
  return made;
};
