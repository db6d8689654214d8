import { decimalText } from '../../../src/lab/evaluator/conversion/number-text.ts';
import { timeSpanText } from '../../../src/lab/evaluator/conversion/time-span-text.ts';
import { multiArrayOf } from '../../../src/lab/evaluator/dotnet/multi-array.ts';
import type { XmlElement } from '../../../src/lab/evaluator/dotnet/xml-parse.ts';
import { writeXml } from '../../../src/lab/evaluator/dotnet/xml-parse.ts';
import { enumText } from '../../../src/lab/evaluator/enum-text.ts';
import type { CallContext } from '../../../src/lab/evaluator/host.ts';
import { elementTypeOf } from '../../../src/lab/evaluator/make.ts';
import { propertiesOf } from '../../../src/lab/evaluator/members/properties.ts';
import { typeNameOf } from '../../../src/lab/evaluator/types-of.ts';
import type { Boxed, Value } from '../../../src/lab/evaluator/value.ts';
import { dateTimeText } from './encode-date.ts';

type Json = unknown;

const floatText = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN';
  if (Object.is(value, -0)) return '-0';
  // .NET's shortest text has an exponent from 1E+17 up and below 0.0001.
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (value === 0 || !Number.isFinite(value) || (power > -5 && power < 17)) return String(value);
  return `${mantissa}E${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
};

/** The number with the fewest digits that is the same Single. */
const shortestSingle = (value: number): number => {
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return value;
};

const itemsJson = (items: readonly Value[], context: CallContext): Json[] => items.map((item) => encode(item, context));

const pairText = ([key]: readonly [Value, Value], context: CallContext): string => context.text(key);

const encodeBoxed = (value: Boxed, context: CallContext): Json => {
  const t = typeNameOf(value);
  switch (value.kind) {
    case 'integer':
      return { t, v: /64|Big/.test(value.type) ? value.value.toString() : Number(value.value) };
    case 'float':
      return { t, v: floatText(value.type === 'Single' ? shortestSingle(value.value) : value.value) };
    case 'decimal':
      return { t, v: decimalText(value) };
    case 'char':
      return { t, v: String.fromCharCode(value.code), code: value.code };
    case 'datetime':
      return { t, v: dateTimeText(value.ticks), kind: value.zone };
    case 'timespan':
      return { t, v: timeSpanText(value.ticks) };
    case 'enum':
      return { t, enum: true, v: enumText(value.type, value.value), n: String(value.value) };
    case 'hashtable': {
      const sorted = value.type === 'System.Collections.Hashtable';
      const entries = sorted
        ? value.entries().toSorted((a, b) => (pairText(a, context) < pairText(b, context) ? -1 : 1))
        : value.entries();
      const pairs = entries.map(([key, item]) => [encode(key, context), encode(item, context)]);
      return sorted ? { t, pairs, sorted } : { t, pairs };
    }
    case 'list':
      return { t, items: itemsJson(value.items, context) };
    case 'custom': {
      const props = propertiesOf(value, context).map((view) => [view.name, encode(view.get(), context)]);
      const plain = value.typeNames[0] === t;
      return plain ? { t, props } : { t, props, typeNames: value.typeNames };
    }
    case 'scriptblock':
      return { t, v: value.text };
    case 'type':
      return { t, v: value.name };
    case 'error':
      return { t, message: value.exception.message };
    case 'exception':
      return { t, message: value.message };
    case 'switch':
      return { t, v: value.isPresent ? 'True' : 'False' };
    case 'ref':
      return { t };
    case 'instance': {
      const many = multiArrayOf(value);
      if (many) return { t, rank: many.lengths.length, items: itemsJson(many.items, context) };
      if (t?.startsWith('System.Xml.Xml')) return { t, xml: writeXml(value.state as XmlElement) };
      if (/^System\.(Guid|Version|Uri)$/.test(t ?? '')) return { t, v: context.text(value) };
      if (t?.endsWith('Record')) return { t, message: context.text(value) };
      return { t, s: context.text(value) };
    }
  }
};

/** A value in the type-faithful form of the recorded cases. */
export const encode = (value: Value, context: CallContext): Json => {
  if (value === null || value === undefined) return { t: 'null' };
  if (typeof value === 'string') return { t: 'System.String', v: value };
  if (typeof value === 'number') return { t: 'System.Int32', v: value };
  if (typeof value === 'boolean') return { t: 'System.Boolean', v: value };
  if (value instanceof Uint8Array) return { t: 'System.Byte[]', base64: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return { t: `${elementTypeOf(value)}[]`, items: itemsJson(value, context) };
  return encodeBoxed(value, context);
};
