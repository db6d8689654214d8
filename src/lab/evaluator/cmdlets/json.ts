import { itemsOf } from '../conversion/items.ts';
import { defineCmdlet, NetError } from '../define.ts';
import type { Value } from '../value.ts';
import { readJson } from './json-read.ts';
import { writeJson } from './json-write.ts';

/** ConvertTo-Json with Windows PowerShell's layout. */
export const convertToJson = defineCmdlet({
  name: 'ConvertTo-Json',
  className: 'Microsoft.PowerShell.Commands.ConvertToJsonCommand',
  module: 'Microsoft.PowerShell.Utility',
  parameters: {
    InputObject: { type: 'object', position: 0, mandatory: true, pipeline: 'value', allowNull: true },
    Depth: { type: 'int', validateRange: [1, 100] },
    Compress: { type: 'switch' },
  },
  createState: (): Value[] => [],
  process(context, bound) {
    (context.state as Value[]).push(bound.get('InputObject'));
  },
  end(context, bound) {
    const values = context.state as Value[];
    if (values.length === 0) return;
    const value = values.length === 1 ? values[0] : values;
    const depth = bound.number('Depth') ?? 2;
    context.write(writeJson(value, depth, 0, { compress: bound.flag('Compress'), context }));
  },
});

/** ConvertFrom-Json: as Windows PowerShell, an array comes out as one object. */
export const convertFromJson = defineCmdlet({
  name: 'ConvertFrom-Json',
  className: 'Microsoft.PowerShell.Commands.ConvertFromJsonCommand',
  module: 'Microsoft.PowerShell.Utility',
  parameters: { InputObject: { type: 'string', position: 0, mandatory: true, pipeline: 'value', allowEmpty: true } },
  createState: (): string[] => [],
  process(context, bound) {
    (context.state as string[]).push(bound.text('InputObject') ?? '');
  },
  end(context) {
    const lines = context.state as string[];
    if (lines.length === 0 || (lines.length === 1 && lines[0]?.trim() === '')) return;
    for (const text of documentsOf(lines)) {
      try {
        const value = readJson(text);
        context.write(value, { enumerate: false });
        if (itemsOf(value) !== undefined) continue;
      } catch (error) {
        if (!(error instanceof NetError)) throw error;
        context.fail({
          id: 'System.ArgumentException',
          message: error.exception.message,
          category: 'NotSpecified',
          exception: error.exception,
        });
      }
    }
  },
});

/** One document per line where the first line stands for itself, else all lines together. */
function documentsOf(lines: readonly string[]): readonly string[] {
  if (lines.length === 1) return lines;
  try {
    readJson(lines[0] ?? '');
    return lines;
  } catch {
    return [lines.join('\n')];
  }
}
