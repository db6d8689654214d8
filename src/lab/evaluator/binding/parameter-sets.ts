import { convertStrict } from '../conversion/convert.ts';
import { PowerShellError } from '../define.ts';
import type { Frame } from '../frame.ts';
import { absent, findMember } from '../members/get-member.ts';
import { isOfType } from '../type-names.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import type { Binding } from './bind-value.ts';
import { bindValue } from './bind-value.ts';
import { bindingError } from './binding-error.ts';
import type { ParameterSpec } from './signature.ts';
import { roleIn } from './signature.ts';

const missingIn = (binding: Binding, set: string, withPipeline: boolean): ParameterSpec[] =>
  binding.signature.specs.filter((spec) => {
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
    if (found !== absent && !(isBoxed(input) && input.kind === 'hashtable')) return found;
  }
  return absent;
};

/**
 * Binds one pipeline object: by value without conversion, by property name, then by value with conversion.
 * @returns false if no parameter takes the object
 */
export const bindPipeline = (binding: Binding, input: Value, frame: Frame, pipelineBound: Set<string>): boolean => {
  const free = binding.signature.specs.filter(
    (spec) => !binding.values.has(spec.lower) || pipelineBound.has(spec.lower),
  );
  const roleFor = (spec: ParameterSpec): boolean => binding.candidates.some((set) => roleIn(spec, set)?.fromValue);
  const nameFor = (spec: ParameterSpec): boolean => binding.candidates.some((set) => roleIn(spec, set)?.fromName);
  const byValue = free.filter(roleFor);
  const byName = free.filter(nameFor);
  let bound = false;
  const take = (spec: ParameterSpec, value: Value): void => {
    bindValue(binding, spec, value, frame);
    pipelineBound.add(spec.lower);
    bound = true;
  };
  for (const name of pipelineBound) binding.values.delete(name);
  const direct = byValue.find((spec) => acceptsDirectly(spec, input, frame));
  if (direct) take(direct, input);
  for (const spec of byName) {
    if (spec === direct) continue;
    const value = propertyFor(spec, input, frame);
    if (value !== absent) take(spec, value as Value);
  }
  if (bound) return true;
  for (const spec of byValue) {
    try {
      convertStrict(input, spec.type(frame), frame.session);
    } catch (error) {
      if (error instanceof PowerShellError) continue;
      throw error;
    }
    take(spec, input);
    return true;
  }
  return false;
};

/** Whether any parameter takes pipeline input. */
export const takesPipeline = (binding: Binding): boolean =>
  binding.signature.specs.some((spec) => [...spec.roles.values()].some((role) => role.fromValue || role.fromName));
