import { defineCmdlet, defineEnum, defineType } from '../define.ts';
import type { CmdletDefinition } from '../host.ts';
import { newObject } from '../make.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';

const utility = { module: 'Microsoft.PowerShell.Utility' } as const;

/** System.ConsoleColor. */
export const consoleColor = defineEnum('System.ConsoleColor', {
  Black: 0,
  DarkBlue: 1,
  DarkGreen: 2,
  DarkCyan: 3,
  DarkRed: 4,
  DarkMagenta: 5,
  DarkYellow: 6,
  Gray: 7,
  DarkGray: 8,
  Blue: 9,
  Green: 10,
  Cyan: 11,
  Red: 12,
  Magenta: 13,
  Yellow: 14,
  White: 15,
});

type HostMessage = {
  readonly message: string;
  readonly noNewLine: boolean;
  readonly foreground: Value;
  readonly background: Value;
};

/** What Write-Host puts into the information stream. */
export const hostMessageType: TypeDefinition<HostMessage> = defineType<HostMessage>({
  name: 'System.Management.Automation.HostInformationMessage',
  properties: {
    Message: { get: (state) => state.message },
    NoNewLine: { get: (state) => state.noNewLine },
    ForegroundColor: { get: (state) => state.foreground },
    BackgroundColor: { get: (state) => state.background },
  },
  toText: (state) => state.message,
});

const writeOutput = defineCmdlet({
  name: 'Write-Output',
  aliases: ['echo', 'write'],
  className: 'Microsoft.PowerShell.Commands.WriteOutputCommand',
  ...utility,
  parameters: {
    InputObject: {
      type: 'object[]',
      position: 0,
      mandatory: true,
      pipeline: 'value',
      remaining: true,
      allowNull: true,
      allowEmpty: true,
    },
    NoEnumerate: { type: 'switch' },
  },
  process(context, bound) {
    const value = bound.get('InputObject');
    if (bound.flag('NoEnumerate')) return context.write(value);
    for (const item of context.enumerate(value)) context.write(item);
  },
});

const writeHost = defineCmdlet({
  name: 'Write-Host',
  className: 'Microsoft.PowerShell.Commands.WriteHostCommand',
  ...utility,
  parameters: {
    Object: { type: 'object', position: 0, pipeline: 'value', remaining: true, allowNull: true },
    NoNewline: { type: 'switch' },
    Separator: { type: 'object' },
    ForegroundColor: { type: 'System.ConsoleColor' },
    BackgroundColor: { type: 'System.ConsoleColor' },
  },
  process(context, bound) {
    const separator = bound.has('Separator') ? context.text(bound.get('Separator')) : ' ';
    const shown = bound.get('Object') ?? null;
    const entries = isBoxed(shown) && shown.kind === 'hashtable' ? shown.entries() : undefined;
    // A dictionary shows its entries, which have no text but their type.
    const message = (
      entries ? entries.map((): Value => 'System.Collections.DictionaryEntry') : context.enumerate(shown)
    )
      .map((item) => context.text(item))
      .join(separator);
    const state: HostMessage = {
      message,
      noNewLine: bound.flag('NoNewline'),
      foreground: bound.get('ForegroundColor') ?? null,
      background: bound.get('BackgroundColor') ?? null,
    };
    context.writeInformation(newObject(hostMessageType, state), ['PSHOST']);
  },
});

const message = {
  type: 'string',
  position: 0,
  mandatory: true,
  pipeline: 'value',
  aliases: ['Msg'],
  allowEmpty: true,
} as const;

const writeWarning = defineCmdlet({
  name: 'Write-Warning',
  className: 'Microsoft.PowerShell.Commands.WriteWarningCommand',
  ...utility,
  parameters: { Message: message },
  process: (context, bound) => context.writeWarning(bound.text('Message') ?? ''),
});

const writeVerbose = defineCmdlet({
  name: 'Write-Verbose',
  className: 'Microsoft.PowerShell.Commands.WriteVerboseCommand',
  ...utility,
  parameters: { Message: message },
  process: (context, bound) => context.writeVerbose(bound.text('Message') ?? ''),
});

const writeDebug = defineCmdlet({
  name: 'Write-Debug',
  className: 'Microsoft.PowerShell.Commands.WriteDebugCommand',
  ...utility,
  parameters: { Message: message },
  process: (context, bound) => context.writeDebug(bound.text('Message') ?? ''),
});

const writeInformation = defineCmdlet({
  name: 'Write-Information',
  className: 'Microsoft.PowerShell.Commands.WriteInformationCommand',
  ...utility,
  parameters: {
    MessageData: {
      type: 'object',
      position: 0,
      mandatory: true,
      pipeline: 'value',
      aliases: ['Msg', 'Message'],
      allowNull: true,
    },
    Tags: { type: 'string[]', position: 1 },
  },
  process: (context, bound) => context.writeInformation(bound.get('MessageData'), bound.texts('Tags')),
});

const writeProgress = defineCmdlet({
  name: 'Write-Progress',
  className: 'Microsoft.PowerShell.Commands.WriteProgressCommand',
  ...utility,
  parameters: {
    Activity: { type: 'string', position: 0, mandatory: true },
    Status: { type: 'string', position: 1 },
    Id: { type: 'int', position: 2, validateRange: [0, 2147483647] },
    PercentComplete: { type: 'int', validateRange: [-1, 100] },
    SecondsRemaining: { type: 'int' },
    CurrentOperation: { type: 'string' },
    ParentId: { type: 'int', validateRange: [-1, 2147483647] },
    Completed: { type: 'switch' },
    SourceId: { type: 'int' },
  },
  process: (context, bound) =>
    context.writeProgress({
      activity: bound.text('Activity') ?? '',
      activityId: bound.number('Id') ?? 0,
      parentId: bound.number('ParentId') ?? -1,
      status: bound.text('Status') ?? 'Processing',
      currentOperation: bound.text('CurrentOperation') ?? '',
      percent: bound.number('PercentComplete') ?? -1,
      secondsRemaining: bound.number('SecondsRemaining') ?? -1,
      type: bound.flag('Completed') ? 'Completed' : 'Processing',
    }),
});

const swallow = (name: string, className: string, aliases: readonly string[] = []): CmdletDefinition =>
  defineCmdlet({
    name,
    aliases,
    className,
    module: 'Microsoft.PowerShell.Core',
    parameters: { InputObject: { type: 'object', pipeline: 'value', allowNull: true } },
    process: () => undefined,
  });

/** The cmdlets that write to a stream, and those that swallow what they get. */
export const writeCmdlets: readonly CmdletDefinition[] = [
  writeOutput,
  writeHost,
  writeWarning,
  writeVerbose,
  writeDebug,
  writeInformation,
  writeProgress,
  swallow('Out-Null', 'Microsoft.PowerShell.Commands.OutNullCommand'),
];
