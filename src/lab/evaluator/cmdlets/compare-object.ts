import { defineCmdlet } from '../define.ts';
import { customObject } from '../make.ts';
import { frameOf } from '../registry-of.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
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
    SyncWindow: { type: 'int' },
    IncludeEqual: { type: 'switch' },
    ExcludeDifferent: { type: 'switch' },
    PassThru: { type: 'switch' },
    CaseSensitive: { type: 'switch' },
    Culture: { type: 'string' },
  },
  outside: ['Culture', 'SyncWindow'],
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
    const same = (a: readonly Value[], b: readonly Value[]): boolean =>
      a.every((key, place) => compareKeys(key, b[place], context, caseSensitive) === 0);
    const open = new Set(left.keys());
    const results: { readonly value: Value; readonly keys: readonly Value[]; readonly side: string }[] = [];
    for (const [index, value] of right.entries()) {
      if (frameOf(context).session.tick()) yield undefined;
      const keys = rightKeys[index] ?? [];
      const pair = Array.from(open).find((place) => same(leftKeys[place] ?? [], keys));
      if (pair === undefined) results.push({ value, keys, side: '=>' });
      else {
        open.delete(pair);
        if (bound.flag('IncludeEqual')) results.unshift({ value: left[pair], keys: leftKeys[pair] ?? [], side: '==' });
      }
    }
    for (const place of open) results.push({ value: left[place], keys: leftKeys[place] ?? [], side: '<=' });
    for (const { value, keys, side } of results) {
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
