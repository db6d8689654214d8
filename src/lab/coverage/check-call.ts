import type { Expression } from '../../powershell/expression-tree.ts';
import type { CmdletDefinition, GivenValues } from '../evaluator/host.ts';
import type { CallArguments } from './call-arguments.ts';
import type { Findings } from './findings.ts';

/** The text that an expression is, whatever runs; undefined where only a run can tell. */
export const literalText = (value: Expression | undefined): string | undefined => {
  if (value?.kind === 'string') return value.value;
  return value?.kind === 'number' && typeof value.value === 'number' ? String(value.value) : undefined;
};

const literalTexts = (value: Expression | undefined): string[] => {
  const items = value?.kind === 'array' ? value.items : [value];
  const texts = items.map(literalText);
  return texts.every((text) => text !== undefined) ? texts : [];
};

const isFalse = (value: Expression | undefined): boolean =>
  value?.kind === 'variable' && value.name.toLowerCase() === 'false';

/** What a call gives, as far as its text tells; what may come from the pipeline counts as given. */
const givenBy = (cmdlet: CmdletDefinition, call: CallArguments, isPiped: boolean): GivenValues => {
  const find = (name: string) => call.given.find(({ spec }) => spec?.lower === name.toLowerCase());
  const mayBePiped = (name: string): boolean => {
    const { pipeline, sets } = cmdlet.parameters[name] ?? {};
    const roles = sets !== undefined && !Array.isArray(sets) ? Object.values(sets) : [];
    return isPiped && (pipeline !== undefined || roles.some((role) => role.pipeline !== undefined));
  };
  return {
    has: (name) => find(name) !== undefined || mayBePiped(name),
    text: (name) => literalText(find(name)?.value),
    texts: (name) => literalTexts(find(name)?.value),
    flag: (name) => {
      const given = find(name);
      return given !== undefined && !isFalse(given.value);
    },
  };
};

/** Checks what a call asks for by its values, where they stand in the script: by the rule that the command itself refuses with. */
export const checkCall = (
  cmdlet: CmdletDefinition,
  call: CallArguments,
  place: { readonly at: number; readonly isPiped: boolean; readonly findings: Findings },
): void => {
  if (call.open.length > 0) return;
  const lack = cmdlet.outsideCall?.(givenBy(cmdlet, call, place.isPiped));
  if (lack !== undefined) place.findings.note('call', lack, place.at, 'outside');
};
