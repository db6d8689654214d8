import { toText } from '../conversion/to-text.ts';
import { PowerShellError } from '../define.ts';
import type { Frame } from '../frame.ts';
import { like } from '../matching/wildcard.ts';
import { isOfType } from '../type-names.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import type { Binding } from './bind-value.ts';
import { bindValue, findSpec } from './bind-value.ts';
import type { Target } from './binding-error.ts';
import { bindingError } from './binding-error.ts';
import { planOf } from './binding-plan.ts';
import type { Argument, ParameterSpec, Signature } from './signature.ts';
import { allSets, roleIn } from './signature.ts';

const missingArgument = (binding: Binding, spec: ParameterSpec, frame: Frame): never => {
  throw bindingError(
    binding.target,
    'MissingArgument',
    `Missing an argument for parameter '${spec.name}'. Specify a parameter of type '${spec.type(frame)}' and try again.`,
  );
};

const onlySet: readonly string[] = [allSets];

const takesRemaining = (signature: Signature): boolean =>
  signature.specs.some((spec) => [...spec.roles.values()].some((role) => role.remaining));

const bindNamed = (binding: Binding, args: readonly Argument[], frame: Frame): Argument[] => {
  const positional: Argument[] = [];
  for (let i = 0; i < args.length; i++) {
    const argument = args[i];
    if (!argument) continue;
    if (argument.name === undefined) {
      positional.push(argument);
      continue;
    }
    const spec = findSpec(binding.signature, binding.target, argument.name);
    if (!spec) {
      if (takesRemaining(binding.signature) && !binding.signature.isCmdlet) {
        positional.push({ ...argument, belongsBefore: true });
        if (argument.hasValue) positional.push({ value: argument.value, hasValue: true, belongsBefore: true });
        const behind = args[i + 1];
        if (!argument.hasValue && behind && behind.name === undefined) {
          positional.push({ ...behind, belongsBefore: true });
          i++;
        }
        continue;
      }
      if (binding.signature.isAdvanced) {
        throw bindingError(
          binding.target,
          'NamedParameterNotFound',
          `A parameter cannot be found that matches parameter name '${argument.name}'.`,
          'general',
          'InvalidArgument',
          argument.name,
        );
      }
      // A simple function hands an unknown name on, with the value behind it.
      positional.push(argument);
      const behind = args[i + 1];
      if (!argument.hasValue && behind && behind.name === undefined) {
        positional.push({ ...behind, belongsBefore: true });
        i++;
      }
      continue;
    }
    if (binding.values.has(spec.lower)) {
      if (argument.splatted) continue;
      throw bindingError(
        binding.target,
        'ParameterAlreadyBound',
        `Cannot bind parameter because parameter '${argument.name}' is specified more than once. To provide multiple values to parameters that can accept multiple values, use the array syntax. For example, "-parameter value1,value2,value3".`,
      );
    }
    let { value } = argument;
    if (!argument.hasValue) {
      const next = args[i + 1];
      const dashed = next?.name !== undefined && next.text !== undefined && !next.hasValue;
      if (spec.isSwitch) value = true;
      else if (dashed && next.name !== undefined && !findSpec(binding.signature, binding.target, next.name)) {
        // What looks like a parameter and is none is the value.
        value = next.text;
        i++;
      } else if (next && next.name === undefined) {
        value = givenTo(spec, next, frame);
        i++;
      } else missingArgument(binding, spec, frame);
    }
    bindValue(binding, spec, value, frame);
  }
  return positional;
};

const readsText = new Set(['System.String', 'System.String[]', 'System.Version']);

/** What a parameter gets: one for text gets a number as it is written, `1.0` or `0x10`. */
const givenTo = (spec: ParameterSpec, argument: Argument, frame: Frame): Value =>
  argument.name === undefined &&
  argument.text !== undefined &&
  argument.endsParameters !== true &&
  readsText.has(spec.type(frame))
    ? argument.text
    : argument.value;

type Place = { readonly spec: ParameterSpec; readonly inDefault: boolean };

/** The parameters that take the next positional argument; several sets may each have one there. */
const nextPlaces = (binding: Binding): Place[] => {
  const { signature, candidates } = binding;
  const preferred = candidates.includes(signature.defaultSet ?? '') ? signature.defaultSet : undefined;
  let least = Infinity;
  let found: Place[] = [];
  for (const spec of planOf(signature).positional) {
    if (binding.values.has(spec.lower)) continue;
    let set: string | undefined = preferred;
    let position = preferred === undefined ? undefined : roleIn(spec, preferred)?.position;
    for (let i = 0; position === undefined && i < candidates.length; i++) {
      set = candidates[i];
      position = roleIn(spec, set ?? '')?.position;
    }
    if (position === undefined || position > least) continue;
    if (position < least) {
      least = position;
      found = [];
    }
    found.push({ spec, inDefault: set === preferred || spec.roles.has(allSets) });
  }
  return found;
};

const isOfDeclaredType = (spec: ParameterSpec, value: Value, frame: Frame): boolean => {
  const type = spec.type(frame);
  if (type === 'System.Object' || type === 'System.Object[]') return true;
  const { registry } = frame.session;
  const element = type.endsWith('[]') ? type.slice(0, -2) : type;
  return isOfType(registry, value, type) || isOfType(registry, value, element);
};

/** Binds one argument by position: sets whose parameter has its very type come before those that need a conversion. */
const bindNext = (binding: Binding, argument: Argument, frame: Frame): ParameterSpec | undefined => {
  const places = nextPlaces(binding);
  if (places.length === 1 && places[0]) {
    bindValue(binding, places[0].spec, givenTo(places[0].spec, argument, frame), frame);
    return places[0].spec;
  }
  const exact = places.filter(({ spec }) => isOfDeclaredType(spec, argument.value, frame));
  const rank = (list: readonly Place[]): Place[] => [
    ...list.filter((place) => place.inDefault),
    ...list.filter((place) => !place.inDefault),
  ];
  const order = [...rank(exact), ...rank(places.filter((place) => !exact.includes(place)))];
  let first: unknown;
  for (const { spec } of order) {
    try {
      bindValue(binding, spec, givenTo(spec, argument, frame), frame);
      return spec;
    } catch (error) {
      if (!(error instanceof PowerShellError) || order.length === 1) throw error;
      first ??= error;
    }
  }
  if (first !== undefined) throw first;
  return undefined;
};

const bindPositional = (binding: Binding, args: readonly Argument[], frame: Frame): void => {
  const queue: Argument[] = [];
  let takesRest = false;
  const { inOrder } = planOf(binding.signature);
  if (inOrder) {
    let next = 0;
    for (const argument of args) {
      let spec = inOrder[next];
      while (spec && binding.values.has(spec.lower)) spec = inOrder[++next];
      if (spec && argument.name === undefined && argument.belongsBefore !== true)
        bindValue(binding, spec, givenTo(spec, argument, frame), frame);
      else queue.push(argument);
    }
  } else
    for (const [i, argument] of args.entries()) {
      const isPositional = argument.name === undefined && argument.belongsBefore !== true;
      const [place]: Place[] = isPositional && !takesRest ? nextPlaces(binding) : [];
      // A parameter that takes the remaining arguments takes them all from its position on.
      takesRest ||= i < args.length - 1 && [...(place?.spec.roles.values() ?? [])].some((role) => role.remaining);
      if (place && !takesRest) bindNext(binding, argument, frame);
      else queue.push(argument);
    }
  if (queue.length === 0) return;
  const remaining = binding.signature.specs.find(
    (spec) => !binding.values.has(spec.lower) && binding.candidates.some((set) => roleIn(spec, set)?.remaining),
  );
  if (remaining) {
    const values = queue.flatMap((argument) =>
      argument.name === undefined ? [argument.value] : [argument.text ?? `-${argument.name}`],
    );
    bindValue(binding, remaining, values.length === 1 && Array.isArray(values[0]) ? values[0] : values, frame);
  } else if (binding.signature.isAdvanced) {
    throw bindingError(
      binding.target,
      'PositionalParameterNotFound',
      `A positional parameter cannot be found that accepts argument '${frame.context.text(queue[0]?.value)}'.`,
    );
  } else binding.rest.push(...queue);
};

/** `$PSDefaultParameterValues`: `Command:Parameter` with wildcards. */
const bindDefaults = (binding: Binding, frame: Frame): void => {
  if (!binding.signature.isAdvanced) return;
  const table = frame.scope.find('psdefaultparametervalues')?.value;
  if (!isBoxed(table) || table.kind !== 'hashtable' || table.size === 0) return;
  for (const [key, value] of table.entries()) {
    const [command = '', parameter = ''] = toText(key, frame.session).split(':');
    if (!like(binding.target.commandName, command)) continue;
    const spec = findSpec(binding.signature, binding.target, parameter);
    if (spec && !binding.values.has(spec.lower)) bindValue(binding, spec, value, frame);
  }
};

/** Explicit arguments before splatted ones, without `--`. */
const inTurn = (args: readonly Argument[]): readonly Argument[] => {
  if (!args.some((argument) => argument.splatted || argument.endsParameters)) return args;
  return [
    ...args.filter((argument) => !argument.splatted && !argument.endsParameters),
    ...args.filter((argument) => argument.splatted),
  ];
};

/** Binds the arguments of a call: names first, then positions. */
export const bindArguments = (
  signature: Signature,
  target: Target,
  args: readonly Argument[],
  frame: Frame,
): Binding => {
  const binding: Binding = {
    signature,
    target,
    values: new Map(),
    names: new Map(),
    candidates: signature.setNames.length > 0 ? signature.setNames : onlySet,
    rest: [],
  };
  const positional = bindNamed(binding, inTurn(args), frame);
  bindPositional(binding, positional, frame);
  bindDefaults(binding, frame);
  return binding;
};
