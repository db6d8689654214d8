import { convertStrict } from '../conversion/convert.ts';
import { refuse } from '../conversion/convert-scalars.ts';
import { toText } from '../conversion/to-text.ts';
import { isTrue } from '../conversion/truth.ts';
import { PowerShellError } from '../define.ts';
import { parsePreference } from '../errors/preference.ts';
import type { Frame } from '../frame.ts';
import { switchValue } from '../make.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import type { Target } from './binding-error.ts';
import { bindingError, emptyReason } from './binding-error.ts';
import { planOf } from './binding-plan.ts';
import { commonNames, commonSpecs, shouldProcessSpecs } from './common-parameters.ts';
import type { Argument, ParameterSpec, Signature } from './signature.ts';
import { allSets } from './signature.ts';

/** The state of binding one call. */
export type Binding = {
  readonly signature: Signature;
  readonly target: Target;
  /** Bound values by lower-case name. */
  readonly values: Map<string, Value>;
  /** Names of bound parameters in the order of binding, as declared. */
  readonly names: Map<string, string>;
  /** Sets that are still possible. */
  candidates: readonly string[];
  /** Those before the first pipeline object. */
  beforePipeline?: readonly string[];
  /** Arguments that no parameter took (simple functions: `$args`). */
  readonly rest: Argument[];
};

const specsOf = (signature: Signature): readonly ParameterSpec[] => {
  if (!signature.isAdvanced) return signature.specs;
  return [...signature.specs, ...commonSpecs, ...(signature.supportsShouldProcess ? shouldProcessSpecs : [])];
};

/** The parameter that a name means: whole, alias, or unique beginning. */
export const findSpec = (signature: Signature, target: Target, name: string): ParameterSpec | undefined => {
  const lower = name.toLowerCase();
  const specs = specsOf(signature);
  const exact = specs.find((spec) => spec.lower === lower) ?? specs.find((spec) => spec.aliases.includes(lower));
  if (exact) return exact;
  let starting = specs.filter(
    (spec) => spec.lower.startsWith(lower) || spec.aliases.some((alias) => alias.startsWith(lower)),
  );
  // Own parameters win over common ones.
  if (starting.length > 1) {
    const own = starting.filter((spec) => signature.specs.includes(spec));
    if (own.length > 0) starting = own;
  }
  if (starting.length > 1) {
    const names = starting.map((spec) => `-${spec.name}`).join(' ');
    throw bindingError(
      target,
      'AmbiguousParameter',
      `Parameter cannot be processed because the parameter name '${name}' is ambiguous. Possible matches include: ${names}.`,
    );
  }
  return starting[0];
};

const transform = (spec: ParameterSpec, value: Value, binding: Binding, frame: Frame): Value => {
  if (spec.isSwitch && (typeof value === 'boolean' || (isBoxed(value) && value.kind === 'switch')))
    return switchValue(isTrue(typeof value === 'boolean' ? value : value.isPresent));
  if (spec.lower.endsWith('action') && commonNames.has(spec.lower) && parsePreference(value) === undefined)
    throw bindingError(
      binding.target,
      'CannotConvertArgumentNoMessage',
      `Cannot bind parameter '${spec.name}'. Cannot convert value "${toText(value, frame.session)}" to type "System.Management.Automation.ActionPreference".`,
      'general',
      'InvalidArgument',
      spec.name,
    );
  if (!spec.isTyped) return value;
  const type = spec.type(frame);
  try {
    // A null stays null for reference types; texts become empty, numbers zero.
    if (spec.isSwitch) return refuse(value, type, frame.session, 'ConvertToFinalInvalidCastException');
    return convertStrict(value, type, frame.session);
  } catch (error) {
    if (!(error instanceof PowerShellError)) throw error;
    const { isCmdlet } = binding.signature;
    const start = isCmdlet
      ? `Cannot bind parameter '${spec.name}'.`
      : `Cannot process argument transformation on parameter '${spec.name}'.`;
    throw isCmdlet
      ? bindingError(
          binding.target,
          'CannotConvertArgumentNoMessage',
          `${start} ${error.message}`,
          'general',
          'InvalidArgument',
          spec.name,
        )
      : bindingError(
          binding.target,
          'ParameterArgumentTransformationError',
          `${start} ${error.message}`,
          'transformation',
          'InvalidData',
          spec.name,
        );
  }
};

const check = (spec: ParameterSpec, value: Value, binding: Binding, frame: Frame): void => {
  // Validation attributes speak before the rule that something mandatory is not empty.
  for (const validate of spec.validators) {
    validate(value, frame, (reason) => {
      throw bindingError(
        binding.target,
        'ParameterArgumentValidationError',
        `Cannot validate argument on parameter '${spec.name}'. ${reason}`,
        'validation',
        'InvalidData',
        spec.name,
      );
    });
  }
  const mandatory = planOf(binding.signature).mandatory.includes(spec);
  if (mandatory && spec.isTyped) {
    const reason = emptyReason(value, spec, true);
    if (reason) {
      throw bindingError(
        binding.target,
        reason[0],
        `Cannot bind argument to parameter '${spec.name}' because ${reason[1]}.`,
        'validation',
        'InvalidData',
        spec.name,
      );
    }
  } else if (mandatory && (value === null || value === undefined) && !spec.allowNull) {
    throw bindingError(
      binding.target,
      'ParameterArgumentValidationErrorNullNotAllowed',
      `Cannot bind argument to parameter '${spec.name}' because it is null.`,
      'validation',
      'InvalidData',
      spec.name,
    );
  }
};

/** Binds one value. */
export const bindValue = (binding: Binding, spec: ParameterSpec, value: Value, frame: Frame): void => {
  const raw = value === undefined ? null : value;
  // Mandatory texts refuse null before it turns into an empty text.
  const bound = transform(spec, raw, binding, frame);
  check(spec, bound ?? null, binding, frame);
  binding.values.set(spec.lower, bound ?? null);
  binding.names.set(spec.lower, spec.name);
  restrict(binding, spec);
};

const restrict = (binding: Binding, spec: ParameterSpec): void => {
  if (spec.roles.has(allSets)) return;
  const left = binding.candidates.filter((set) => spec.roles.has(set));
  if (left.length === 0) {
    throw bindingError(
      binding.target,
      'AmbiguousParameterSet',
      'Parameter set cannot be resolved using the specified named parameters.',
    );
  }
  binding.candidates = left;
};
