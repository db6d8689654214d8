import { defineCmdlet, PowerShellError } from '../define.ts';
import type { CommandContext, Task } from '../host.ts';
import { eachInSlices, mapInSlices } from '../in-slices.ts';
import { spend } from '../limit.ts';
import { frameOf } from '../registry-of.ts';
import { sortInSlices } from '../sort-in-slices.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { type Projection, readProjection } from './projection.ts';

type Row = { readonly value: Value; readonly keys: readonly Value[]; readonly place: number };

const isNull = (value: Value): boolean => value === null || value === undefined;

const isNumber = (value: Value): boolean =>
  typeof value === 'number' || (isBoxed(value) && ['integer', 'float', 'decimal'].includes(value.kind));

/** The order of two keys: nulls first; what cannot be compared is compared as text. */
export function compareKeys(a: Value, b: Value, context: CommandContext, caseSensitive: boolean): number {
  spend(8);
  if (isNull(a) || isNull(b)) return Number(isNull(b)) - Number(isNull(a));
  // Mixed kinds (text beside numbers) have no common order but that of their texts.
  if (typeof a !== typeof b && isNumber(a) !== isNumber(b))
    return context.compare(context.text(a), context.text(b), { caseSensitive });
  try {
    return context.compare(a, b, { caseSensitive });
  } catch {
    return context.compare(context.text(a), context.text(b), { caseSensitive });
  }
}

/** A key that a script block gives; one that fails is an error of its own and counts as null. */
function* readKey(value: Value, projection: Projection, context: CommandContext): Task<Value> {
  try {
    return yield* projection.read(value);
  } catch (error) {
    if (!(error instanceof PowerShellError) || error.record.exception.type.startsWith('Kintsugi.')) throw error;
    frameOf(context).session.remember(error.record);
    context.writeError({
      id: 'ExpressionEvaluation',
      message: error.message,
      category: 'InvalidResult',
      target: value,
      exception: error.record.exception,
    });
    return null;
  }
}

/** Keys of every value by the projections; the value itself where there are none. */
export function* keysOf(
  values: readonly Value[],
  projections: readonly Projection[],
  context: CommandContext,
): Task<Value[][]> {
  const { session } = frameOf(context);
  if (projections.length === 0) return yield* mapInSlices(values, session, (value) => [value]);
  const rows: Value[][] = [];
  for (const value of values) {
    const keys: Value[] = [];
    for (const projection of projections) keys.push(yield* readKey(value, projection, context));
    rows.push(keys);
  }
  return rows;
}

const collected = (context: CommandContext): Value[] => context.state as Value[];

/** Sort-Object; stable, as PowerShell's is. */
export const sortObject = defineCmdlet({
  name: 'Sort-Object',
  aliases: ['sort'],
  className: 'Microsoft.PowerShell.Commands.SortObjectCommand',
  module: 'Microsoft.PowerShell.Utility',
  parameters: {
    Property: { type: 'object[]', position: 0 },
    InputObject: { type: 'object', pipeline: 'value' },
    Descending: { type: 'switch' },
    Unique: { type: 'switch' },
    CaseSensitive: { type: 'switch' },
    Culture: { type: 'string' },
  },
  outside: ['Culture'],
  createState: (): Value[] => [],
  process(context, bound) {
    const input = bound.get('InputObject');
    if (!isNull(input)) collected(context).push(input);
  },
  *end(context, bound) {
    const { session } = frameOf(context);
    const projections = bound.list('Property').map((spec) => readProjection(spec, context));
    const values = collected(context);
    const keys = yield* keysOf(values, projections, context);
    const caseSensitive = bound.flag('CaseSensitive');
    const downward = bound.flag('Descending');
    const order = (a: Row, b: Row): number => {
      for (const [index, key] of a.keys.entries()) {
        const result = compareKeys(key, b.keys[index], context, caseSensitive);
        if (result !== 0) return (projections[index]?.descending ?? downward) ? -result : result;
      }
      return 0;
    };
    let place = 0;
    const rows = yield* mapInSlices(
      values,
      session,
      (value): Row => ({ value, keys: keys[place] ?? [], place: place++ }),
    );
    const sorted = yield* sortInSlices(rows, session, (a, b) => order(a, b) || a.place - b.place);
    const unique = bound.flag('Unique');
    let before: Row | undefined;
    yield* eachInSlices(sorted, session, (row) => {
      if (!unique || before === undefined || order(before, row) !== 0) context.write(row.value);
      before = row;
    });
  },
});

/** Get-Unique: drops values equal to the one before. */
export const getUnique = defineCmdlet({
  name: 'Get-Unique',
  aliases: ['gu'],
  className: 'Microsoft.PowerShell.Commands.GetUniqueCommand',
  module: 'Microsoft.PowerShell.Utility',
  parameters: {
    InputObject: { type: 'object', pipeline: 'value' },
    AsString: { type: 'switch', sets: ['AsString'] },
    OnType: { type: 'switch', sets: ['UniqueByType'] },
  },
  defaultParameterSet: 'AsString',
  outside: ['OnType'],
  createState: (): Value[] => [],
  process(context, bound) {
    const seen = collected(context);
    const value = bound.get('InputObject');
    const same =
      seen.length > 0 &&
      (bound.flag('AsString')
        ? context.text(seen[0]) === context.text(value)
        : compareKeys(seen[0], value, context, true) === 0);
    if (!same) context.write(value);
    seen[0] = value;
  },
});
