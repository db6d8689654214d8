import { defineCmdlet, PowerShellError } from '../define.ts';
import type { BoundParameters, CommandContext, Task } from '../host.ts';
import { customObject } from '../make.ts';
import { EnoughSignal } from '../signals.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Value } from '../value.ts';
import type { Projection } from './projection.ts';
import { readProjection } from './projection.ts';
import { listProperties } from './properties.ts';
import { compareKeys } from './sort-object.ts';

type State = { seen: number; readonly last: Value[]; readonly unique: Value[] };

/** A calculated property that fails is null; its error is told nobody. */
function* readOrNull(projection: Projection, input: Value): Task<Value> {
  try {
    return yield* projection.read(input);
  } catch (error) {
    if (!(error instanceof PowerShellError) || error.record.exception.type.startsWith('Kintsugi.')) throw error;
    return null;
  }
}

/** The properties that one `-Property` argument chooses, with wildcards. */
function* chosen(context: CommandContext, spec: Value, input: Value): Task<(readonly [string, Value])[]> {
  const name = typeof spec === 'string' ? spec : undefined;
  if (name !== undefined && /[*?[]/.test(name))
    return listProperties(input, context)
      .filter((property) => context.like(property.name, name))
      .map((property) => [property.name, property.value] as const);
  const projection = readProjection(spec, context);
  const known =
    name === undefined
      ? undefined
      : listProperties(input, context).find((each) => each.name.toLowerCase() === name.toLowerCase());
  return [[known?.name ?? projection.label, (yield* readOrNull(projection, input)) ?? null]];
}

function* project(context: CommandContext, bound: BoundParameters, input: Value): Task<Value> {
  const specs = bound.list('Property');
  const excluded = bound.texts('ExcludeProperty');
  const properties = new Map<string, readonly [string, Value]>();
  for (const spec of specs.length === 0 ? ['*'] : specs) {
    for (const [name, value] of yield* chosen(context, spec, input)) {
      if (!excluded.some((pattern) => context.like(name, pattern))) properties.set(name.toLowerCase(), [name, value]);
    }
  }
  const source = isBoxed(input) && input.kind === 'custom' ? input.typeNames[0] : typeNameOf(input);
  return customObject(properties.values(), [`Selected.${source ?? 'System.Object'}`]);
}

/** Marks an expanded object and gives it the properties that were chosen with it. */
const decorate = (item: Value, input: Value, extra: Value): void => {
  if (!isBoxed(item) || item.kind !== 'custom') return;
  const source = isBoxed(input) && input.kind === 'custom' ? input.typeNames[0] : typeNameOf(input);
  item.typeNames.unshift(`Selected.${(source ?? 'System.Object').replace(/^Selected\./, '')}`);
  if (!isBoxed(extra) || extra.kind !== 'custom') return;
  for (const [name, member] of extra.members) if (!item.members.has(name)) item.members.set(name, member);
};

function* selected(context: CommandContext, bound: BoundParameters, input: Value): Task<Value[]> {
  if (bound.has('ExpandProperty')) {
    const name = bound.text('ExpandProperty') ?? '';
    const found = listProperties(input, context).some((property) => property.name.toLowerCase() === name.toLowerCase());
    const value = context.property(input, name);
    if (!found && (value === null || value === undefined)) {
      context.writeError({
        id: 'ExpandPropertyNotFound',
        message: `Property "${name}" cannot be found.`,
        category: 'InvalidArgument',
        target: input,
        exception: 'System.Management.Automation.PSArgumentException',
      });
      return [];
    }
    const expanded = context.enumerate(value);
    // What comes out carries the name of what it was selected from, and the properties chosen beside.
    const extra = bound.has('Property') ? yield* project(context, bound, input) : undefined;
    for (const item of expanded) decorate(item, input, extra);
    return expanded;
  }
  if (!bound.has('Property') && !bound.has('ExcludeProperty')) return [input];
  return [yield* project(context, bound, input)];
}

const sameObject = (context: CommandContext, a: Value, b: Value): boolean => {
  const [left, right] = [listProperties(a, context), listProperties(b, context)];
  if (left.length === 0 && right.length === 0) return compareKeys(a, b, context, true) === 0;
  return (
    left.length === right.length &&
    left.every((property, place) => compareKeys(property.value, right[place]?.value, context, true) === 0)
  );
};

function* pass(context: CommandContext, bound: BoundParameters, input: Value): Task<void> {
  const state = context.state as State;
  for (const value of yield* selected(context, bound, input)) {
    if (bound.flag('Unique')) {
      // Nothing is no object to compare.
      if (value === null || value === undefined) continue;
      if (state.unique.some((other) => sameObject(context, other, value))) continue;
      state.unique.push(value);
    }
    context.write(value);
  }
}

/** Both ends: the first ones go out at once, of those behind them the last ones are held. */
function* passOrHold(context: CommandContext, bound: BoundParameters, input: Value, place: number): Task<void> {
  const { last } = context.state as State;
  const at = place - (bound.number('Skip') ?? 0);
  if (at < 0) return;
  if (at < (bound.number('First') ?? 0)) yield* pass(context, bound, input);
  else {
    last.push(input);
    if (last.length > (bound.number('Last') ?? 0)) last.shift();
  }
}

/** Select-Object. */
export const selectObject = defineCmdlet({
  name: 'Select-Object',
  aliases: ['select'],
  className: 'Microsoft.PowerShell.Commands.SelectObjectCommand',
  module: 'Microsoft.PowerShell.Utility',
  defaultParameterSet: 'DefaultParameter',
  parameters: {
    InputObject: { type: 'object', pipeline: 'value', allowNull: true },
    Property: { type: 'object[]', sets: { DefaultParameter: { position: 0 }, SkipLastParameter: { position: 0 } } },
    ExcludeProperty: { type: 'string[]', sets: ['DefaultParameter', 'SkipLastParameter'] },
    ExpandProperty: { type: 'string', sets: ['DefaultParameter', 'SkipLastParameter'] },
    Unique: { type: 'switch' },
    Last: { type: 'int', sets: ['DefaultParameter'], validateRange: [0, 2147483647] },
    First: { type: 'int', sets: ['DefaultParameter'], validateRange: [0, 2147483647] },
    Skip: { type: 'int', sets: ['DefaultParameter'], validateRange: [0, 2147483647] },
    SkipLast: { type: 'int', sets: ['SkipLastParameter'], validateRange: [0, 2147483647] },
    Wait: { type: 'switch', sets: ['DefaultParameter', 'IndexParameter'] },
    Index: { type: 'int[]', sets: ['IndexParameter'] },
  },
  createState: (): State => ({ seen: 0, last: [], unique: [] }),
  *process(context, bound) {
    const state = context.state as State;
    const input = context.expectsInput ? context.input : bound.get('InputObject');
    // Null is no object here, nor does it count.
    if (input === null || input === undefined) return;
    const place = state.seen++;
    if (bound.has('Index')) {
      if (bound.list('Index').some((index) => index === place)) yield* pass(context, bound, input);
      return;
    }
    if (bound.has('First') && bound.has('Last')) {
      yield* passOrHold(context, bound, input, place);
      return;
    }
    const last = bound.number('Last');
    const held = bound.number('SkipLast') ?? (last === undefined ? undefined : last + (bound.number('Skip') ?? 0));
    if (held !== undefined) {
      state.last.push(input);
      if (state.last.length > held) {
        const oldest = state.last.shift();
        if (bound.has('SkipLast')) yield* pass(context, bound, oldest);
      }
      return;
    }
    const skip = bound.number('Skip') ?? 0;
    if (place < skip) return;
    const first = bound.number('First');
    if (first === undefined || place - skip < first) yield* pass(context, bound, input);
    if (first !== undefined && place - skip + 1 >= first && !bound.flag('Wait')) {
      yield* context.flush() ?? [];
      throw new EnoughSignal(context);
    }
  },
  *end(context, bound) {
    if (!bound.has('Last')) return;
    const state = context.state as State;
    const skip = bound.has('First') ? 0 : (bound.number('Skip') ?? 0);
    const rest = skip > 0 ? state.last.slice(0, Math.max(0, state.last.length - skip)) : state.last;
    for (const value of rest) yield* pass(context, bound, value);
  },
});
