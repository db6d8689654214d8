import { itemsOf } from '../conversion/items.ts';
import { defineType } from '../define.ts';
import { Hashtable } from '../hashtable.ts';
import { list } from '../make.ts';
import type { Invocation, ScriptPosition } from '../value.ts';

const positionMessage = (position: ScriptPosition): string => {
  const marks = '~'.repeat(
    Math.max(
      1,
      position.line === position.endLine
        ? position.endColumn - position.column
        : position.lineText.length - position.column + 1,
    ),
  );
  return `At ${position.file ?? 'line'}:${position.line} char:${position.column}\r\n+ ${position.lineText}\r\n+ ${' '.repeat(position.column - 1)}${marks}`;
};

/** InvocationInfo: `$MyInvocation`, `$_.InvocationInfo`. */
export const invocationInfoType = defineType<Invocation>({
  name: 'System.Management.Automation.InvocationInfo',
  properties: {
    MyCommand: { get: ({ command }) => command },
    InvocationName: { get: ({ commandName, invocationName }) => invocationName ?? commandName },
    Line: { get: ({ position }) => position?.lineText ?? '' },
    ScriptLineNumber: { get: ({ position }) => position?.line ?? 0 },
    OffsetInLine: { get: ({ position }) => position?.column ?? 0 },
    ScriptName: { get: ({ position }) => position?.file ?? '' },
    PSScriptRoot: { get: ({ position }) => position?.file?.replace(/[\\/][^\\/]*$/, '') ?? '' },
    PSCommandPath: { get: ({ position }) => position?.file ?? '' },
    PositionMessage: { get: ({ position }) => (position ? positionMessage(position) : '') },
    BoundParameters: { get: ({ bound }) => bound ?? new Hashtable() },
    UnboundArguments: {
      get: ({ unbound }) => list([...(itemsOf(unbound) ?? [])], 'System.Collections.Generic.List', 'System.Object'),
    },
    ExpectingInput: { get: ({ expectingInput }) => expectingInput ?? false },
    PipelineLength: { get: ({ pipelineLength }) => pipelineLength ?? 1 },
    PipelinePosition: { get: ({ pipelinePosition }) => pipelinePosition ?? 1 },
    CommandOrigin: { get: () => 'Internal' },
  },
});
