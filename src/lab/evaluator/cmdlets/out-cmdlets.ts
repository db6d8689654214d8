import { formatDate } from '../conversion/date-format.ts';
import { defineCmdlet } from '../define.ts';
import type { CmdletDefinition, CommandContext } from '../host.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';

/** The line that a plain value shows; objects would need PowerShell's formatting, which the lab has not. */
const lineOf = (value: Value, context: CommandContext): string => {
  if (isBoxed(value) && (value.kind === 'custom' || value.kind === 'hashtable' || value.kind === 'instance')) {
    return context.unsupported('the formatting of objects as text; use -f or a string');
  }
  // A date shows as its long form.
  if (isBoxed(value) && value.kind === 'datetime') return formatDate(value, 'F', 0);
  return context.text(value);
};

const outString = defineCmdlet({
  name: 'Out-String',
  className: 'Microsoft.PowerShell.Commands.OutStringCommand',
  module: 'Microsoft.PowerShell.Utility',
  parameters: {
    InputObject: { type: 'object', pipeline: 'value', allowNull: true },
    Stream: { type: 'switch' },
    Width: { type: 'int' },
  },
  createState: (): string[] => [],
  process(context, bound) {
    const input = context.expectsInput ? context.input : bound.get('InputObject');
    if (input === null || input === undefined) return;
    const line = lineOf(input, context);
    if (bound.flag('Stream')) for (const part of line.split(/\r?\n/)) context.write(part);
    else (context.state as string[]).push(line);
  },
  end(context, bound) {
    if (!bound.flag('Stream')) context.write((context.state as string[]).map((line) => `${line}\r\n`).join(''));
  },
});

const toHost = (name: string, className: string, choice: string, aliases: readonly string[] = []): CmdletDefinition =>
  defineCmdlet({
    name,
    aliases,
    className,
    module: 'Microsoft.PowerShell.Core',
    parameters: {
      InputObject: { type: 'object', pipeline: 'value', allowNull: true },
      [choice]: { type: 'switch' },
    },
    outside: [choice],
    process: () => undefined,
  });

/** Out-String for plain values; Out-Default and Out-Host write to the host, where the lab keeps nothing. */
export const outCmdlets: readonly CmdletDefinition[] = [
  outString,
  toHost('Out-Default', 'Microsoft.PowerShell.Commands.OutDefaultCommand', 'Transcript'),
  toHost('Out-Host', 'Microsoft.PowerShell.Commands.OutHostCommand', 'Paging', ['oh']),
];
