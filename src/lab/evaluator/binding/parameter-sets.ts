import { convertStrict } from '../conversion/convert.ts';
import { PowerShellError } from '../define.ts';
import { psMethodType } from '../dotnet/ps-method.ts';
import type { Frame } from '../frame.ts';
import { stateOf } from '../make.ts';
import { absent, findMember } from '../members/get-member.ts';
import { isOfType } from '../type-names.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import type { Binding } from './bind-value.ts';
import { bindValue } from './bind-value.ts';
import { bindingError } from './binding-error.ts';
import { planOf } from './binding-plan.ts';
import type { ParameterSpec } from './signature.ts';
import { roleIn } from './signature.ts';

const missingIn = (binding: Binding, set: string, withPipeline: boolean): ParameterSpec[] =>
  planOf(binding.signature).mandatory.filter((spec) => {
    const role = roleIn(spec, set);
    if (!role?.mandatory || binding.values.has(spec.lower)) return false;
    return !(withPipeline && (role.fromValue || role.fromName));
  });

/** The one set in force; the default wins where several are possible. */
export const chooseSet = (binding: Binding, withPipeline: boolean): string => {
  const { candidates, signature } = binding;
  if (candidates.length === 1) return candidates[0] ?? '';
  const complete = candidates.filter((set) => missingIn(binding, set, withPipeline).length === 0);
  const { defaultSet } = signature;
  if (
    defaultSet !== undefined &&
    (complete.includes(defaultSet) || (complete.length === 0 && candidates.includes(defaultSet)))
  )
    return defaultSet;
  if (complete.length === 1) return complete[0] ?? '';
  throw bindingError(
    binding.target,
    'AmbiguousParameterSet',
    'Parameter set cannot be resolved using the specified named parameters.',
  );
};

/** Fails if a mandatory parameter of the set has no value; there is no host to ask. */
export const requireMandatory = (binding: Binding, set: string, withPipeline: boolean): void => {
  const missing = missingIn(binding, set, withPipeline);
  if (missing.length === 0) return;
  const names = missing.map((spec) => spec.name).join(' ');
  throw bindingError(
    binding.target,
    'MissingMandatoryParameter',
    `Cannot process command because of one or more missing mandatory parameters: ${names}.`,
  );
};

const acceptsDirectly = (spec: ParameterSpec, input: Value, frame: Frame): boolean => {
  const type = spec.type(frame);
  if (type === 'System.Object' || type === 'System.Management.Automation.PSObject') return true;
  const element = type.endsWith('[]') ? type.slice(0, -2) : type;
  return (
    element === 'System.Object' ||
    isOfType(frame.session.registry, input, type) ||
    isOfType(frame.session.registry, input, element)
  );
};

const propertyFor = (spec: ParameterSpec, input: Value, frame: Frame): Value | typeof absent => {
  for (const name of [spec.name, ...spec.aliases]) {
    const found = findMember(input, name, frame, false);
    const isMethod = stateOf(found as Value, psMethodType) !== undefined;
    if (found !== absent && !isMethod && !(isBoxed(input) && input.kind === 'hashtable')) return found;
  }
  return absent;
};

/** Takes away what the object before bound, so that the next one may belong to another set. */
const forget = (binding: Binding, pipelineBound: Set<string>): void => {
  for (const name of pipelineBound) binding.values.delete(name);
  pipelineBound.clear();
  binding.beforePipeline ??= binding.candidates;
  binding.candidates = binding.beforePipeline;
};

const converts = (spec: ParameterSpec, value: Value, frame: Frame): boolean => {
  try {
    convertStrict(value, spec.type(frame), frame.session);
    return true;
  } catch (error) {
    if (error instanceof PowerShellError) return false;
    throw error;
  }
};

/** The value that an object has for a parameter in one stage of pipeline binding, or `absent`. */
const offered = (spec: ParameterSpec, input: Value, stage: Stage, frame: Frame): Value | typeof absent => {
  const value = stage.by === 'value' ? input : propertyFor(spec, input, frame);
  if (value === absent) return absent;
  const given = value as Value;
  if (stage.coerce)
    // A property that does not convert is an error of its own, the object itself only does not fit.
    return stage.by === 'name' || given === null || given === undefined || converts(spec, given, frame)
      ? given
      : absent;
  return acceptsDirectly(spec, given, frame) ? given : absent;
};

type Stage = { readonly by: 'value' | 'name'; readonly coerce: boolean };

const stages: readonly Stage[] = [
  { by: 'value', coerce: false },
  { by: 'name', coerce: false },
  { by: 'value', coerce: true },
  { by: 'name', coerce: true },
];

/**
 * Binds one pipeline object: by value and by property name without conversion, then both with conversion. In each stage the parameters of
 * the default set come first; those of other sets are tried where that takes nothing.
 * @returns false if no parameter takes the object
 */
export const bindPipeline = (binding: Binding, input: Value, frame: Frame, pipelineBound: Set<string>): boolean => {
  forget(binding, pipelineBound);
  const { defaultSet } = binding.signature;
  const tryStage = (stage: Stage, sets: readonly string[]): boolean => {
    const before = pipelineBound.size;
    for (const spec of planOf(binding.signature).fromPipeline) {
      if (binding.values.has(spec.lower)) continue;
      // Parameters of simulated commands that take objects of one CIM class are plain objects here: the first one counts.
      const possible =
        stage.by === 'value' && binding.signature.isCmdlet
          ? sets.filter((set) => binding.candidates.includes(set))
          : sets;
      const takes = possible.some((set) => {
        const role = roleIn(spec, set);
        return stage.by === 'value' ? role?.fromValue : role?.fromName;
      });
      const value = takes ? offered(spec, input, stage, frame) : absent;
      if (value === absent) continue;
      bindValue(binding, spec, value as Value, frame);
      pipelineBound.add(spec.lower);
    }
    return pipelineBound.size > before;
  };
  for (const stage of stages) {
    const { candidates } = binding;
    if (defaultSet !== undefined && candidates.includes(defaultSet) && candidates.length > 1) {
      if (!tryStage(stage, [defaultSet]))
        tryStage(
          stage,
          candidates.filter((set) => set !== defaultSet),
        );
    } else tryStage(stage, candidates);
  }
  return pipelineBound.size > 0;
};

/**
 * What can be said before the first pipeline object: some set must be possible once objects come.
 * @throws PowerShellError for a mandatory parameter that no object can give, or where no set is chosen without pipeline input
 */
export const checkBeforeInput = (binding: Binding, withPipeline: boolean): void => {
  if (withPipeline && binding.candidates.some((set) => missingIn(binding, set, true).length === 0)) return;
  requireMandatory(binding, chooseSet(binding, withPipeline), withPipeline);
};

/** Whether any parameter takes pipeline input. */
export const takesPipeline = (binding: Binding): boolean => planOf(binding.signature).fromPipeline.length > 0;
