import { defineCmdlet, defineType } from '../define.ts';
import type { BoundParameters, CommandContext, Task } from '../host.ts';
import { eachInSlices } from '../in-slices.ts';
import { spend } from '../limit.ts';
import { double, newObject } from '../make.ts';
import { frameOf } from '../registry-of.ts';
import type { Session } from '../session.ts';
import type { TypeDefinition } from '../type-definition.ts';
import type { Value } from '../value.ts';
import { readProjection } from './projection.ts';
import { compareKeys } from './sort-object.ts';

type Measure = {
  count: number;
  sum: number | undefined;
  average: number | undefined;
  maximum: Value;
  minimum: Value;
  deviation: undefined;
  property: string | null;
};

const optional = (value: number | undefined): Value => (value === undefined ? null : double(value));

const measureInfo: TypeDefinition<Measure> = defineType<Measure>({
  name: 'Microsoft.PowerShell.Commands.GenericMeasureInfo',
  bases: ['Microsoft.PowerShell.Commands.MeasureInfo'],
  properties: {
    Count: { get: (state) => state.count },
    Average: { get: (state) => optional(state.average) },
    Sum: { get: (state) => optional(state.sum) },
    Maximum: { get: (state) => state.maximum ?? null },
    Minimum: { get: (state) => state.minimum ?? null },
    StandardDeviation: { get: (state) => optional(state.deviation) },
    Property: { get: (state) => state.property },
  },
});

type TextMeasure = {
  readonly lines: Value;
  readonly words: Value;
  readonly characters: Value;
  readonly property: string | null;
};

const textMeasureInfo: TypeDefinition<TextMeasure> = defineType<TextMeasure>({
  name: 'Microsoft.PowerShell.Commands.TextMeasureInfo',
  bases: ['Microsoft.PowerShell.Commands.MeasureInfo'],
  properties: {
    Lines: { get: (state) => state.lines },
    Words: { get: (state) => state.words },
    Characters: { get: (state) => state.characters },
    Property: { get: (state) => state.property },
  },
});

/** The types that Measure-Object gives. */
export const measureTypes: readonly TypeDefinition<never>[] = [measureInfo, textMeasureInfo];

type State = {
  /** Whether any object came. */
  seen: boolean;
  count: number;
  sum: number;
  maximum: Value;
  minimum: Value;
  lines: number;
  words: number;
  characters: number;
};

const numberOf = (context: CommandContext, value: Value): number => {
  const converted = context.convert(value, 'double');
  return typeof converted === 'object' && converted !== null && 'kind' in converted && converted.kind === 'float'
    ? converted.value
    : Number(converted);
};

function* measureText(state: State, text: string, ignoreSpace: boolean, session: Session): Task<void> {
  state.lines += yield* countInSlices(text.matchAll(/\n|$/g), session);
  state.words += yield* countInSlices(text.matchAll(/\S+/g), session);
  spend(text.length / 8);
  state.characters += ignoreSpace ? text.replace(/\s/g, '').length : text.length;
}

function* countInSlices(matches: Iterable<unknown>, session: Session): Task<number> {
  let count = 0;
  yield* eachInSlices(matches, session, () => void count++);
  return count;
}

/** A property that no object has is an error; without objects there is nothing to say. */
const notMeasured = (context: CommandContext, bound: BoundParameters): void => {
  const { seen } = context.state as State;
  if (!seen) return;
  context.writeError({
    id: context.parameterSet === 'TextMeasure' ? 'TextMeasurePropertyNotFound' : 'GenericMeasurePropertyNotFound',
    message: `The property "${context.text(bound.list('Property')[0])}" cannot be found in the input for any objects.`,
    category: 'InvalidArgument',
    exception: 'System.Management.Automation.PSArgumentException',
  });
};

/** Measure-Object. */
export const measureObject = defineCmdlet({
  name: 'Measure-Object',
  aliases: ['measure'],
  className: 'Microsoft.PowerShell.Commands.MeasureObjectCommand',
  module: 'Microsoft.PowerShell.Utility',
  defaultParameterSet: 'GenericMeasure',
  parameters: {
    Property: { type: 'string[]', position: 0 },
    InputObject: { type: 'object', pipeline: 'value' },
    Sum: { type: 'switch', sets: ['GenericMeasure'] },
    Average: { type: 'switch', sets: ['GenericMeasure'] },
    Maximum: { type: 'switch', sets: ['GenericMeasure'] },
    Minimum: { type: 'switch', sets: ['GenericMeasure'] },
    Line: { type: 'switch', sets: ['TextMeasure'] },
    Word: { type: 'switch', sets: ['TextMeasure'] },
    Character: { type: 'switch', sets: ['TextMeasure'] },
    IgnoreWhiteSpace: { type: 'switch', sets: ['TextMeasure'] },
  },
  createState: (): State => ({
    seen: false,
    count: 0,
    sum: 0,
    maximum: undefined,
    minimum: undefined,
    lines: 0,
    words: 0,
    characters: 0,
  }),
  *process(context, bound) {
    if (!bound.has('InputObject')) return;
    const state = context.state as State;
    state.seen = true;
    const specs = bound.list('Property');
    if (specs.length > 1) context.unsupported('Measure-Object with several properties');
    const input = bound.get('InputObject');
    const value = specs.length === 0 ? input : yield* readProjection(specs[0], context).read(input);
    if (value === undefined || value === null) return;
    state.count++;
    if (context.parameterSet === 'TextMeasure')
      return yield* measureText(state, context.text(value), bound.flag('IgnoreWhiteSpace'), frameOf(context).session);
    if (bound.flag('Sum') || bound.flag('Average')) {
      try {
        state.sum += numberOf(context, value);
      } catch {
        context.writeError({
          id: 'NonNumericInputObject',
          message: `Input object "${context.text(value)}" is not numeric.`,
          category: 'InvalidType',
          target: value,
          exception: 'System.Management.Automation.PSInvalidCastException',
        });
      }
    }
    if (bound.flag('Maximum') && (state.maximum === undefined || compareKeys(value, state.maximum, context, false) > 0))
      state.maximum = value;
    if (bound.flag('Minimum') && (state.minimum === undefined || compareKeys(value, state.minimum, context, false) < 0))
      state.minimum = value;
  },
  end(context, bound) {
    const state = context.state as State;
    if (state.count === 0 && bound.has('Property')) return notMeasured(context, bound);
    const property = bound.list('Property').length > 0 ? context.text(bound.list('Property')[0]) : null;
    if (context.parameterSet === 'TextMeasure') {
      const asked = (name: string, value: number): Value => (bound.flag(name) ? value : null);
      context.write(
        newObject(textMeasureInfo, {
          lines: asked('Line', state.lines),
          words: asked('Word', state.words),
          characters: asked('Character', state.characters),
          property,
        }),
      );
      return;
    }
    const asked = (name: string, value: number): number | undefined =>
      bound.flag(name) && state.count > 0 ? value : undefined;
    context.write(
      newObject(measureInfo, {
        count: state.count,
        sum: bound.flag('Sum') ? state.sum : undefined,
        average: asked('Average', state.sum / state.count),
        maximum: widest(state.maximum),
        minimum: widest(state.minimum),
        deviation: undefined,
        property,
      }),
    );
  },
});

/** Maximum and minimum of numbers come as doubles. */
const widest = (value: Value): Value => (typeof value === 'number' ? double(value) : value);
