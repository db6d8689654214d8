import { defineCmdlet } from '../define.ts';
import { customObject } from '../make.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import type { Entry } from './pair-in-window.ts';
import { pairInWindow } from './pair-in-window.ts';
import { readProjection } from './projection.ts';
import { compareKeys, keysOf } from './sort-object.ts';

/** Compare-Object: pairs what is equal on both sides (in any order) and gives the rest with its side. */
export const compareObject = defineCmdlet({
  name: 'Compare-Object',
  aliases: ['compare', 'diff'],
  className: 'Microsoft.PowerShell.Commands.CompareObjectCommand',
  module: 'Microsoft.PowerShell.Utility',
  parameters: {
    ReferenceObject: { type: 'object[]', position: 0, mandatory: true, allowEmpty: true },
    DifferenceObject: { type: 'object[]', position: 1, mandatory: true, pipeline: 'value', allowEmpty: true },
    Property: { type: 'object[]' },
    SyncWindow: { type: 'int', validateRange: [0, 2147483647] },
    IncludeEqual: { type: 'switch' },
    ExcludeDifferent: { type: 'switch' },
    PassThru: { type: 'switch' },
    CaseSensitive: { type: 'switch' },
    Culture: { type: 'string' },
  },
  outside: ['Culture'],
  createState: (): Value[] => [],
  process(context, bound) {
    (context.state as Value[]).push(...bound.list('DifferenceObject'));
  },
  *end(context, bound) {
    const projections = bound.list('Property').map((spec) => readProjection(spec, context));
    const left = bound.list('ReferenceObject');
    const right = context.state as Value[];
    const leftKeys = yield* keysOf(left, projections, context);
    const rightKeys = yield* keysOf(right, projections, context);
    const caseSensitive = bound.flag('CaseSensitive');
    const same = (a: Entry, b: Entry): boolean =>
      a.keys.every((key, place) => compareKeys(key, b.keys[place], context, caseSensitive) === 0);
    const entriesOf = (values: readonly Value[], keys: readonly (readonly Value[])[]): Entry[] =>
      values.map((value, place) => ({ value, keys: keys[place] ?? [] }));
    const results = yield* pairInWindow(entriesOf(left, leftKeys), entriesOf(right, rightKeys), {
      window: bound.number('SyncWindow') ?? 2147483647,
      same,
      context,
    });
    for (const { value, keys, side } of results) {
      if (side === '==' && !bound.flag('IncludeEqual')) continue;
      if (side !== '==' && bound.flag('ExcludeDifferent')) continue;
      if (bound.flag('PassThru')) {
        if (isBoxed(value) && value.kind === 'custom')
          value.members.set('sideindicator', { kind: 'note', name: 'SideIndicator', value: side });
        context.write(value);
      } else if (projections.length > 0)
        context.write(
          customObject([
            ...projections.map(({ label }, place) => [label, keys[place]] as const),
            ['SideIndicator', side],
          ]),
        );
      else context.write(customObject({ InputObject: value, SideIndicator: side }));
    }
  },
});
