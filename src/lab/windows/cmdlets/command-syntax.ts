import type { CmdletDefinition, CmdletStep, ParameterDefinition } from '../../evaluator/host.ts';
import syntaxes from './command-syntax.json' with { type: 'json' };

/** What the syntax text of a command does not tell. */
export type CommandFacts = {
  /** Full .NET class name: the second half of error ids. */
  readonly className?: string;
  readonly module?: string;
  readonly commandType?: 'Cmdlet' | 'Function';
  readonly aliases?: readonly string[];
  /** Names of the parameter sets in the order of the syntax text. */
  readonly sets?: readonly string[];
  readonly defaultSet?: string;
  /** Parameters bound from the pipeline. */
  readonly pipeline?: Readonly<Record<string, 'value' | 'name' | 'both'>>;
  readonly parameterAliases?: Readonly<Record<string, readonly string[]>>;
  readonly validateSets?: Readonly<Record<string, readonly string[]>>;
  /** Parameters that take the rest of the arguments. */
  readonly remaining?: readonly string[];
  readonly allowEmpty?: readonly string[];
  readonly allowNull?: readonly string[];
  /** Parameters that the provider of a path adds (dynamic parameters); syntax texts don't show them. */
  readonly dynamic?: Readonly<Record<string, ParameterDefinition>>;
  /** Parameters that the lab simulates; another one that is given ends with `LabUnsupported`. */
  readonly simulated: readonly string[];
  readonly begin?: CmdletStep;
  readonly process?: CmdletStep;
  readonly end?: CmdletStep;
  readonly createState?: () => unknown;
};

type SetParameter = {
  readonly name: string;
  readonly type: string;
  readonly mandatory: boolean;
  readonly position: number | undefined;
};

/** Type names of syntax texts that differ from what scripts write. */
const typeNames: Readonly<Record<string, string>> = {
  long: 'int64',
  uint32: 'uint32',
  switch: 'switch',
  'FlagsExpression[FileAttributes]': 'object',
  IDictionary: 'System.Collections.IDictionary',
  psobject: 'object',
};

const parameterPattern = /^(?<open>\[)?(?<positional>\[)?-(?<name>\w+)\]?(?: <(?<type>[^>]+)>)?\]?$/;

/** Cuts a syntax text into its sets; each set's pieces are parameters in order. */
const readSets = (syntax: string): SetParameter[][] =>
  syntax
    .split('[<CommonParameters>]')
    .slice(0, -1)
    .map((text) => {
      let position = 0;
      const pieces =
        text.trim().match(/\[\[-\w+\] <[^>]+>\]|\[-\w+\] <[^>]+>|\[-\w+(?: <[^>]+>)?\]|-\w+(?: <[^>]+>)?/g) ?? [];
      return pieces.map((piece): SetParameter => {
        const groups = parameterPattern.exec(piece)?.groups ?? {};
        const name = /-(\w+)/.exec(piece)?.[1] ?? '';
        const isPositional = new RegExp(`\\[-${name}\\] <`).test(piece);
        const isOptional = piece.startsWith('[[') || (piece.startsWith('[') && !isPositional);
        return {
          name,
          type: groups['type'] ?? 'switch',
          mandatory: !isOptional,
          position: isPositional ? position++ : undefined,
        };
      });
    });

const skipped = new Set(['WhatIf', 'Confirm']);
const simplify = (type: string): string => {
  const known = typeNames[type];
  if (known) return known;
  if (type.startsWith('CimInstance') || type === 'ciminstance') return type.endsWith('[]') ? 'object[]' : 'object';
  return type;
};

/** Parameters of a command from its syntax text. */
export const readParameters = (
  syntax: string,
  facts: Omit<CommandFacts, 'simulated'>,
): Record<string, ParameterDefinition> => {
  const sets = readSets(syntax);
  const setName = (index: number): string =>
    facts.sets?.[index] ?? (sets.length === 1 ? '__AllParameterSets' : `Set${index + 1}`);
  const parameters: Record<string, ParameterDefinition> = {};
  for (const name of new Set(sets.flat().map((parameter) => parameter.name))) {
    if (skipped.has(name)) continue;
    const places = sets.flatMap((set, index) =>
      set.filter((other) => other.name === name).map((other) => [setName(index), other] as const),
    );
    const first = places[0]?.[1];
    if (!first) continue;
    const isSame =
      places.length === sets.length &&
      places.every(([, other]) => other.mandatory === first.mandatory && other.position === first.position);
    const shared = {
      ...(first.position === undefined ? {} : { position: first.position }),
      ...(first.mandatory ? { mandatory: true } : {}),
    };
    const pipeline = facts.pipeline?.[name];
    const aliases = facts.parameterAliases?.[name];
    const validateSet = facts.validateSets?.[name];
    parameters[name] = {
      type: simplify(first.type),
      ...(isSame
        ? shared
        : {
            sets: Object.fromEntries(
              places.map(([set, other]) => [
                set,
                {
                  ...(other.position === undefined ? {} : { position: other.position }),
                  ...(other.mandatory ? { mandatory: true } : {}),
                },
              ]),
            ),
          }),
      ...(pipeline ? { pipeline } : {}),
      ...(aliases ? { aliases } : {}),
      ...(validateSet ? { validateSet } : {}),
      ...(facts.remaining?.includes(name) ? { remaining: true } : {}),
      ...(facts.allowEmpty?.includes(name) ? { allowEmpty: true } : {}),
      ...(facts.allowNull?.includes(name) ? { allowNull: true } : {}),
    };
  }
  return parameters;
};

const known: Readonly<Record<string, { readonly module: string; readonly syntax: string }>> = syntaxes;

/**
 * Defines a cmdlet from the syntax text that `Get-Command -Syntax` of Windows PowerShell 5.1 shows for it (command-syntax.json), so that
 * positions, sets and types are those of Windows. What is not simulated is refused by name.
 */
export const command = (name: string, facts: CommandFacts): CmdletDefinition => {
  const { syntax, module } = known[name] ?? { syntax: '', module: '' };
  const simulated = new Set(facts.simulated.map((parameter) => parameter.toLowerCase()));
  const parameters = { ...readParameters(syntax, facts), ...facts.dynamic };
  const { begin } = facts;
  return {
    name,
    parameters,
    module,
    ...(facts.className ? { className: facts.className } : {}),
    ...(facts.commandType ? { commandType: facts.commandType } : {}),
    ...(facts.aliases ? { aliases: facts.aliases } : {}),
    ...defaultSet(facts),
    ...(syntax.includes('-WhatIf') ? { supportsShouldProcess: true } : {}),
    *begin(context, bound) {
      for (const [parameter] of bound.entries()) {
        if (!simulated.has(parameter.toLowerCase()) && Object.hasOwn(parameters, parameter)) {
          context.unsupported(`${name} -${parameter}`);
        }
      }
      const result = begin?.(context, bound);
      if (result) yield* result;
    },
    ...(facts.process ? { process: facts.process } : {}),
    ...(facts.end ? { end: facts.end } : {}),
    ...(facts.createState ? { createState: facts.createState } : {}),
  };
};

const defaultSet = (facts: CommandFacts): { defaultParameterSet?: string } => {
  const name = facts.defaultSet ?? facts.sets?.[0];
  return name === undefined ? {} : { defaultParameterSet: name };
};
