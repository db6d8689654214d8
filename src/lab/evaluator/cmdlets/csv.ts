import { dotToString } from '../conversion/to-text.ts';
import { defineCmdlet } from '../define.ts';
import type { CmdletDefinition, CommandContext } from '../host.ts';
import { customObject } from '../make.ts';
import { typeNamesOf } from '../members/get-member.ts';
import { propertiesOf } from '../members/properties.ts';
import { formatValue } from '../operators/format-text.ts';
import { frameOf } from '../registry-of.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';

/** Splits CSV text into rows of fields. */
const readRows = (text: string, delimiter: string): string[][] => {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if (quoted) {
      if (c !== '"') field += c;
      else if (text[i + 1] === '"') {
        field += '"';
        i++;
      } else quoted = false;
    } else if (c === '"' && field === '') quoted = true;
    else if (c === delimiter) {
      row.push(field);
      field = '';
    } else if (c === '\n' || c === '\r') {
      if (c === '\r' && text[i + 1] === '\n') i++;
      row.push(field);
      if (row.length > 1 || row[0] !== '') rows.push(row);
      row = [];
      field = '';
    } else field += c;
  }
  row.push(field);
  if (row.length > 1 || row[0] !== '') rows.push(row);
  return rows;
};

const convertFromCsv = defineCmdlet({
  name: 'ConvertFrom-Csv',
  module: 'Microsoft.PowerShell.Utility',
  parameters: {
    InputObject: {
      type: 'object[]',
      position: 0,
      mandatory: true,
      pipeline: 'both',
      allowNull: true,
      allowEmpty: true,
    },
    Delimiter: { type: 'char', sets: { Delimiter: { position: 1 } } },
    UseCulture: { type: 'switch', sets: { UseCulture: { mandatory: true } } },
    Header: { type: 'string[]' },
  },
  defaultParameterSet: 'Delimiter',
  outside: ['UseCulture'],
  createState: (): string[] => [],
  process(context, bound) {
    (context.state as string[]).push(...bound.list('InputObject').map((line) => context.text(line)));
  },
  end(context, bound) {
    const lines = (context.state as string[]).filter((line) => !line.startsWith('#TYPE'));
    const rows = readRows(lines.join('\n'), bound.text('Delimiter') ?? ',');
    const header = bound.has('Header') ? bound.texts('Header') : (rows.shift() ?? []);
    for (const row of rows) context.write(customObject(header.map((name, i) => [name, row[i] ?? null] as const)));
  },
});

const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;

// A field is what ToString() gives: a date in the culture's form, a collection as its type.
const fieldText = (field: Value, context: CommandContext): string => {
  const { session } = frameOf(context);
  return isBoxed(field) && field.kind === 'datetime' ? formatValue(field, 'G', session) : dotToString(field, session);
};

const writeRow = (value: Value, names: readonly string[], context: CommandContext): (string | undefined)[] =>
  names.map((name) => {
    const field = context.property(value, name);
    return field === null || field === undefined ? undefined : fieldText(field, context);
  });

const convertToCsv = defineCmdlet({
  name: 'ConvertTo-Csv',
  module: 'Microsoft.PowerShell.Utility',
  parameters: {
    InputObject: { type: 'object', position: 0, mandatory: true, pipeline: 'both' },
    Delimiter: { type: 'char', sets: { Delimiter: { position: 1 } } },
    UseCulture: { type: 'switch', sets: ['UseCulture'] },
    NoTypeInformation: { type: 'switch', aliases: ['NTI'] },
  },
  defaultParameterSet: 'Delimiter',
  outside: ['UseCulture'],
  createState: (): { names: string[] | undefined } => ({ names: undefined }),
  process(context, bound) {
    const state = context.state as { names: string[] | undefined };
    const value = context.expectsInput ? context.input : bound.get('InputObject');
    const delimiter = bound.text('Delimiter') ?? ',';
    if (!state.names) {
      state.names = propertiesOf(value, context).map((view) => view.name);
      if (!bound.flag('NoTypeInformation')) context.write(`#TYPE ${typeNamesOf(value, frameOf(context))[0] ?? ''}`);
      context.write(state.names.map(quote).join(delimiter));
    }
    context.write(
      writeRow(value, state.names, context)
        .map((field) => (field === undefined ? '' : quote(field)))
        .join(delimiter),
    );
  },
});

/** ConvertFrom-Csv and ConvertTo-Csv. */
export const csvCmdlets: readonly CmdletDefinition[] = [convertFromCsv, convertToCsv];
