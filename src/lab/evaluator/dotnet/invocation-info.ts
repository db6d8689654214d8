import { itemsOf } from '../conversion/items.ts';
import { defineType } from '../define.ts';
import { Hashtable } from '../hashtable.ts';
import { list } from '../make.ts';
import type { Invocation, ScriptPosition } from '../value.ts';

const mostShown = 69;

/** The part of a long line that shows what is marked, with what of its surroundings fits. */
const windowOf = (line: string, before: number, marked: number): { text: string; before: number; marked: number } => {
  if (line.length <= mostShown) return { text: line, before, marked };
  const behind = Math.max(0, line.length - marked - before);
  let [prefix, suffix] = [Math.min(before, 12), Math.min(behind, 8)];
  let shown = marked;
  if (prefix + marked + suffix >= mostShown) shown = Math.min(marked, mostShown - prefix);
  else {
    prefix += Math.min(before - prefix, mostShown - prefix - marked - suffix);
    suffix += Math.min(behind - suffix, mostShown - prefix - marked - suffix);
  }
  const text = line.substr(before - prefix, mostShown);
  const head = before > prefix ? '... ' : '';
  const tail = before - prefix + mostShown < line.length ? ' ...' : '';
  return { text: `${head}${text}${tail}`, before: prefix + head.length, marked: shown };
};

const positionMessage = (position: ScriptPosition): string => {
  const line = position.lineText.trimEnd();
  const length =
    position.line === position.endLine ? position.endColumn - position.column : line.length - position.column + 1;
  const { text, before, marked } = windowOf(line, position.column - 1, Math.max(1, length));
  return `At ${position.file ?? 'line'}:${position.line} char:${position.column}\r\n+ ${text}\r\n+ ${' '.repeat(before)}${'~'.repeat(marked)}`;
};

/** InvocationInfo: `$MyInvocation`, `$_.InvocationInfo`. */
export const invocationInfoType = defineType<Invocation>({
  name: 'System.Management.Automation.InvocationInfo',
  properties: {
    MyCommand: { get: ({ command }) => command },
    InvocationName: { get: ({ commandName, invocationName }) => invocationName ?? commandName },
    Line: { get: ({ position }) => (position ? `${position.lineText}${position.lineEnd ?? ''}` : '') },
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
