import { defineCmdlet } from '../define.ts';
import type { CmdletDefinition, CommandContext } from '../host.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';

/** The line that a plain value shows; objects would need PowerShell's formatting, which the lab has not. */
const lineOf = (value: Value, context: CommandContext): string => {
  if (isBoxed(value) && (value.kind === 'custom' || value.kind === 'hashtable' || value.kind === 'instance')) {
    return context.unsupported('the formatting of objects as text; use -f or a string');
  }
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
    const line = lineOf(context.expectsInput ? context.input : bound.get('InputObject'), context);
    if (bound.flag('Stream')) for (const part of line.split(/\r?\n/)) context.write(part);
    else (context.state as string[]).push(line);
  },
  end(context, bound) {
    if (!bound.flag('Stream')) context.write((context.state as string[]).map((line) => `${line}\r\n`).join(''));
  },
});

const passOn = (name: string, className: string, choice: string, aliases: readonly string[] = []): CmdletDefinition =>
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
    process(context) {
      context.write(context.input);
    },
  });

/** Out-String for plain values; Out-Default and Out-Host hand on, since a remote session shows what reaches its client. */
export const outCmdlets: readonly CmdletDefinition[] = [
  outString,
  passOn('Out-Default', 'Microsoft.PowerShell.Commands.OutDefaultCommand', 'Transcript'),
  passOn('Out-Host', 'Microsoft.PowerShell.Commands.OutHostCommand', 'Paging', ['oh']),
];
