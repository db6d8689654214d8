import type { Expression } from '../../powershell/expression-tree.ts';
import type { Command } from '../../powershell/syntax-tree.ts';
import { findSpec } from '../evaluator/binding/bind-value.ts';
import { signatureOf } from '../evaluator/binding/cmdlet-signature.ts';
import { allSets, type ParameterSpec, roleIn } from '../evaluator/binding/signature.ts';
import { PowerShellError } from '../evaluator/define.ts';
import type { CmdletDefinition } from '../evaluator/host.ts';
import type { HashTables } from './hash-tables.ts';

/** One parameter that a call of a simulated command gives; without `spec` the command has no such parameter. */
export type GivenParameter = {
  readonly name: string;
  readonly spec: ParameterSpec | undefined;
  readonly value: Expression | undefined;
  readonly at: number;
};

/** What is known of a call without running it. */
export type CallArguments = {
  readonly given: readonly GivenParameter[];
  /** Offsets of splatted variables whose names are not in the script. */
  readonly open: readonly number[];
};

const specNamed = (cmdlet: CmdletDefinition, name: string): ParameterSpec | undefined => {
  try {
    return findSpec(signatureOf(cmdlet), { commandName: cmdlet.name, errorClass: '' }, name);
  } catch (error) {
    // An ambiguous beginning is the script's fault on Windows, too.
    if (error instanceof PowerShellError) return undefined;
    throw error;
  }
};

/** The parameter that a positional argument is for, of those that the sets have there; undefined where they do not agree. */
const choose = (
  cmdlet: CmdletDefinition,
  candidates: readonly (ParameterSpec | undefined)[],
  value: Expression,
): ParameterSpec | undefined => {
  const [first] = candidates;
  if (candidates.every((candidate) => candidate === first)) return first;
  // Whichever of them it is, the lab does not simulate it.
  if (!candidates.every((candidate) => candidate && cmdlet.outside?.includes(candidate.name))) return undefined;
  const isText = (candidate: ParameterSpec | undefined): boolean =>
    candidate !== undefined && cmdlet.parameters[candidate.name]?.type.startsWith('string') === true;
  return value.kind === 'string' ? (candidates.find(isText) ?? first) : first;
};

/** Which parameter each positional argument is for. */
const placed = (
  cmdlet: CmdletDefinition,
  named: readonly (ParameterSpec | undefined)[],
  values: readonly Expression[],
): (ParameterSpec | undefined)[] => {
  const { specs, setNames, defaultSet } = signatureOf(cmdlet);
  const orders = (setNames.length === 0 ? [allSets] : setNames)
    .filter((set) => named.every((spec) => !spec || !specs.includes(spec) || roleIn(spec, set)))
    .map((set) => ({
      set,
      order: specs
        .filter((spec) => !named.includes(spec) && roleIn(spec, set)?.position !== undefined)
        .toSorted((a, b) => (roleIn(a, set)?.position ?? 0) - (roleIn(b, set)?.position ?? 0)),
    }))
    .filter(({ order }) => order.length >= values.length);
  // A set that takes something at an earlier place is bound first.
  const placeOf = ({ set, order }: (typeof orders)[number]): number => {
    const [first] = order;
    return (first && roleIn(first, set)?.position) ?? Number.POSITIVE_INFINITY;
  };
  const earliest = Math.min(...orders.map(placeOf));
  const first = orders.filter((each) => placeOf(each) === earliest);
  const preferred = first.filter(({ set }) => set === defaultSet);
  const possible = preferred.length > 0 ? preferred : first;
  return values.map((value, at) =>
    choose(
      cmdlet,
      possible.map(({ order }) => order[at]),
      value,
    ),
  );
};

/** The parameters of a call: by name, by position, from splatted tables that stand in the script. */
export const readCall = (cmdlet: CmdletDefinition, command: Command, tables: HashTables): CallArguments => {
  const given: GivenParameter[] = [];
  const open: number[] = [];
  const positional: Expression[] = [];
  const { elements } = command;
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i];
    if (element?.kind === 'commandParameter') {
      const spec = specNamed(cmdlet, element.name);
      const next = elements[i + 1];
      const takesNext = spec !== undefined && !spec.isSwitch && !element.argument && next?.kind === 'argument';
      const value = element.argument ?? (takesNext ? next.value : undefined);
      if (takesNext) i++;
      given.push({ name: element.name, spec, value, at: element.start });
    } else if (element?.value.kind === 'variable' && element.value.splat) {
      const keys = tables.keysOf(element.value.name);
      if (!keys) open.push(element.start);
      for (const { name, value } of keys ?? [])
        given.push({ name, spec: specNamed(cmdlet, name), value, at: element.start });
    } else if (element) positional.push(element.value);
  }
  const named = given.map(({ spec }) => spec);
  const places = open.length > 0 ? [] : placed(cmdlet, named, positional);
  for (const [at, spec] of places.entries()) {
    const value = positional[at];
    if (spec && value) given.push({ name: spec.name, spec, value, at: value.start });
  }
  return { given, open };
};
