import type { Projection } from '../cmdlets/projection.ts';
import { readProjection } from '../cmdlets/projection.ts';
import { listProperties } from '../cmdlets/properties.ts';
import type { CallContext, Task } from '../host.ts';
import { formatText } from '../operators/format-text.ts';
import { frameOf } from '../registry-of.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Value } from '../value.ts';
import { fieldText, standsRight } from './field-text.ts';
import type { Alignment, Column, Field } from './format-document.ts';

/** A property as it is to be shown. */
export type ShownProperty = {
  readonly projection: Projection;
  readonly label: string;
  readonly alignment: Alignment | undefined;
  readonly width: number | 'rest' | undefined;
  /** A format as behind the colon of `-f`. */
  readonly format: string | undefined;
};

const plain = (projection: Projection): ShownProperty => ({
  projection,
  label: projection.label,
  alignment: undefined,
  width: undefined,
  format: undefined,
});

const setting = (spec: Value, context: CallContext, names: readonly string[]): Value => {
  if (!isBoxed(spec) || spec.kind !== 'hashtable') return undefined;
  const found = spec.entries().find(([key]) => names.some((name) => name.startsWith(context.text(key).toLowerCase())));
  return found?.[1];
};

const calculated = (spec: Value, context: CallContext): ShownProperty => {
  const width = setting(spec, context, ['width']);
  const alignment = context.text(setting(spec, context, ['alignment'])).toLowerCase();
  const format = setting(spec, context, ['formatstring']);
  const projection = readProjection(spec, context);
  return {
    projection,
    // A block shows its text with the blanks around it.
    label: isBoxed(spec) && spec.kind === 'scriptblock' ? spec.text : projection.label,
    width: typeof width === 'number' ? width : undefined,
    alignment: alignment === 'left' || alignment === 'right' || alignment === 'center' ? alignment : undefined,
    format: format === undefined ? undefined : context.text(format),
  };
};

/** What `-Property` names, wildcards filled in by the properties of the first object. */
export const namedProperties = (specs: readonly Value[], first: Value, context: CallContext): ShownProperty[] =>
  specs.flatMap((spec) => {
    if (typeof spec !== 'string') return [calculated(spec, context)];
    if (!/[*?[]/.test(spec)) return [plain(readProjection(spec, context))];
    return listProperties(first, context)
      .filter(({ name }) => context.like(name, spec))
      .map(({ name }) => plain(readProjection(name, context)));
  });

/** The properties that an object shows by itself; types with a view of their own are outside of the lab. */
export const ownProperties = (value: Value, context: CallContext): ShownProperty[] => {
  if (isBoxed(value) && value.kind === 'instance' && typeNameOf(value) === 'System.Collections.DictionaryEntry')
    return [
      { ...plain(readProjection('Name', context)), width: 30 },
      { ...plain(readProjection('Value', context)), width: 'rest', alignment: 'left' },
    ];
  if (isBoxed(value) && value.kind === 'custom' && isShapeless(value.typeNames))
    return listProperties(value, context).map(({ name }) => plain(readProjection(name, context)));
  return context.unsupported(`the view of ${typeNameOf(value) ?? 'this object'} as text; name its properties`);
};

/** Custom objects, and what Select-Object made: no view is known for them. */
const isShapeless = (typeNames: readonly string[]): boolean =>
  typeNames[0] === 'System.Management.Automation.PSCustomObject' || (typeNames[0] ?? '').startsWith('Selected.');

const isMissing = (value: Value, label: string, read: Value, context: CallContext): boolean =>
  (read === null || read === undefined) &&
  !listProperties(value, context).some(({ name }) => name.toLowerCase() === label.toLowerCase());

/** The fields of an object with its values, in order. */
export function* fieldsOf(
  value: Value,
  properties: readonly ShownProperty[],
  context: CallContext,
  inTable: boolean,
): Task<{ readonly fields: Field[]; readonly values: Value[] }> {
  const fields: Field[] = [];
  const values: Value[] = [];
  for (const { projection, label, format } of properties) {
    const read = yield* projection.read(value);
    // A list leaves out what the object has not.
    if (!inTable && isMissing(value, label, read, context)) continue;
    values.push(read);
    const text =
      format === undefined
        ? fieldText(read, context, inTable)
        : formatText(format.startsWith('{') ? format : `{0:${format}}`, [read ?? null], frameOf(context).session);
    fields.push({ label, text });
  }
  return { fields, values };
}

/** The columns of a table, which its first object decides. */
export const columnsOf = (properties: readonly ShownProperty[], values: readonly Value[]): Column[] =>
  properties.map(({ label, width, alignment }, i) => ({
    label,
    width,
    alignment: alignment ?? (standsRight(values[i]) ? 'right' : 'left'),
  }));
