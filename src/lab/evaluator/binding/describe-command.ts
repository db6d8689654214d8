import type { CmdletDefinition, ParameterDefinition } from '../host.ts';

/** What the syntax text of a command does not tell. */
export type SyntaxFacts = {
  /** Names of the parameter sets in the order of the syntax text. */
  readonly sets?: readonly string[];
  /** Set that wins where several are possible; the first one unless told otherwise. */
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

/** Aliases that a parameter has in every command of Windows PowerShell 5.1. */
const everywhere: Readonly<Record<string, readonly string[]>> = { UseTransaction: ['usetx'] };

const skipped = new Set(['WhatIf', 'Confirm']);
const simplify = (type: string): string => {
  const known = typeNames[type];
  if (known) return known;
  if (type.startsWith('CimInstance') || type === 'ciminstance') return type.endsWith('[]') ? 'object[]' : 'object';
  return type;
};

const readParameters = (syntax: string, facts: SyntaxFacts): Record<string, ParameterDefinition> => {
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
    const aliases = facts.parameterAliases?.[name] ?? everywhere[name];
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

/** What a syntax text makes of a definition. */
type Described = Pick<CmdletDefinition, 'parameters' | 'outside' | 'defaultParameterSet' | 'supportsShouldProcess'>;

/**
 * Parameters of a command from the syntax text that `Get-Command -Syntax` of Windows PowerShell 5.1 shows for it, so that positions, sets
 * and types are those of Windows.
 */
export const describeCommand = (syntax: string, facts: SyntaxFacts): Described => {
  const read = readParameters(syntax, facts);
  const simulated = new Set(facts.simulated.map((name) => name.toLowerCase()));
  const outside = Object.keys(read).filter((name) => !simulated.has(name.toLowerCase()));
  const defaultSet = facts.defaultSet ?? facts.sets?.[0];
  return {
    parameters: { ...read, ...facts.dynamic },
    ...(outside.length > 0 ? { outside } : {}),
    ...(defaultSet === undefined ? {} : { defaultParameterSet: defaultSet }),
    ...(syntax.includes('-WhatIf') ? { supportsShouldProcess: true } : {}),
  };
};
