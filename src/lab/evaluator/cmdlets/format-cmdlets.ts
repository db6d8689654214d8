import { defineCmdlet, defineType } from '../define.ts';
import type { FormatDocument } from '../format/format-document.ts';
import { emptyDocument } from '../format/format-document.ts';
import type { FormatRequest, Formatting } from '../format/show-value.ts';
import { showValue } from '../format/show-value.ts';
import type { BoundParameters, CmdletDefinition, ParameterDefinition } from '../host.ts';
import { newObject, stateOf } from '../make.ts';
import type { TypeDefinition } from '../type-definition.ts';
import type { Value } from '../value.ts';

const formatType = (name: string): TypeDefinition<FormatDocument | undefined> =>
  defineType<FormatDocument | undefined>({
    name: `Microsoft.PowerShell.Commands.Internal.Format.${name}`,
    toText: () => `Microsoft.PowerShell.Commands.Internal.Format.${name}`,
  });

const [startType, groupStartType, entryType, groupEndType, endType] = [
  formatType('FormatStartData'),
  formatType('GroupStartData'),
  formatType('FormatEntryData'),
  formatType('GroupEndData'),
  formatType('FormatEndData'),
] as const;

const all = [startType, groupStartType, entryType, groupEndType, endType];

/** What Format cmdlets write: only Out cmdlets can do anything with it. The document is in the first object. */
export const formatTypes: readonly TypeDefinition<FormatDocument | undefined>[] = all;

/** The document that an object of a Format cmdlet brings; null for those that bring none, undefined for other values. */
export const formattedDocument = (value: Value): FormatDocument | null | undefined => {
  for (const type of all) {
    const isSuch = typeof value === 'object' && value !== null && 'type' in value && value.type === type;
    if (isSuch) return stateOf(value, type) ?? null;
  }
  return undefined;
};

type Formatted = { readonly formatting: Formatting; request: FormatRequest | undefined };

const formatCmdlet = (
  name: string,
  alias: string,
  shape: 'table' | 'list',
  own: Readonly<Record<string, ParameterDefinition>>,
  outside: readonly string[],
): CmdletDefinition =>
  defineCmdlet({
    name,
    aliases: [alias],
    className: `Microsoft.PowerShell.Commands.${name.replace('-', '')}Command`,
    module: 'Microsoft.PowerShell.Utility',
    parameters: {
      Property: { type: 'object[]', position: 0, allowEmpty: true, allowNull: true },
      ...own,
      GroupBy: { type: 'object' },
      View: { type: 'string' },
      ShowError: { type: 'switch' },
      DisplayError: { type: 'switch' },
      Force: { type: 'switch' },
      Expand: { type: 'string' },
      InputObject: { type: 'object', pipeline: 'value', allowNull: true },
    },
    outside: [...outside, 'GroupBy', 'View', 'ShowError', 'DisplayError', 'Expand'],
    createState: (): Formatted => ({
      formatting: { document: emptyDocument(), properties: undefined },
      request: undefined,
    }),
    *process(context, bound) {
      const state = context.state as Formatted;
      state.request ??= requestOf(bound, shape);
      state.formatting.document.hideHeaders = bound.flag('HideTableHeaders');
      const input = context.expectsInput ? context.input : bound.get('InputObject');
      yield* showValue(state.formatting, input, state.request, context);
    },
    end(context) {
      const { document } = (context.state as Formatted).formatting;
      if (document.entries.length === 0) return;
      if (document.shape === undefined) {
        const [first, ...rest] = document.entries;
        for (const entry of first ? [first, ...rest] : [])
          context.write(newObject(entryType, { ...document, entries: [entry] }));
        return;
      }
      context.write(newObject(startType, document));
      context.write(newObject(groupStartType, undefined));
      for (let i = 0; i < document.entries.length; i++) context.write(newObject(entryType, undefined));
      context.write(newObject(groupEndType, undefined));
      context.write(newObject(endType, undefined));
    },
  });

const requestOf = (bound: BoundParameters, shape: 'table' | 'list'): FormatRequest => ({
  shape,
  specs: bound.list('Property'),
  autoSize: bound.flag('AutoSize'),
});

/** Format-Table and Format-List of plain values, custom objects and dictionaries, and of named properties. */
export const formatCmdlets: readonly CmdletDefinition[] = [
  formatCmdlet(
    'Format-Table',
    'ft',
    'table',
    { AutoSize: { type: 'switch' }, HideTableHeaders: { type: 'switch' }, Wrap: { type: 'switch' } },
    ['Wrap'],
  ),
  formatCmdlet('Format-List', 'fl', 'list', {}, []),
];
