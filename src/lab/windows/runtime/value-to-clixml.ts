import {
  type PsObject,
  type PsValue,
  psChar,
  psDateTime,
  psDictionary,
  psDouble,
  psEnum,
  psList,
  psNumber,
  psObject,
  psText,
  psTimeSpan,
  psUInt64,
} from '../../../remote/protocol/clixml/values.ts';
import { listProperties } from '../../evaluator/cmdlets/properties.ts';
import type { CallContext } from '../../evaluator/host.ts';
import { elementTypeOf, stateOf } from '../../evaluator/make.ts';
import { typeNameOf } from '../../evaluator/types-of.ts';
import type { Boxed, Value } from '../../evaluator/value.ts';
import { secureStringType } from '../types/secrets.ts';

const numberKinds = { Byte: 'byte', SByte: 'sbyte', Int16: 'int16', UInt16: 'uint16', UInt32: 'uint32' } as const;

const decimalText = (unscaled: bigint, scale: number): string => {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const whole = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return unscaled < 0n ? `-${whole}` : whole;
};

/** Type names of an object, most special first. */
const typeNamesOf = (value: Boxed): readonly string[] => {
  if (value.kind === 'custom') return value.typeNames;
  const name = typeNameOf(value) ?? 'System.Object';
  if (value.kind === 'instance')
    return value.typeNames ?? [value.type.name, ...(value.type.bases ?? []), 'System.Object'];
  if (value.kind === 'exception') return [name, 'System.Exception', 'System.Object'];
  return [name, 'System.Object'];
};

/** How deep the properties of an object go: Windows sends one level of live objects, and more of plain data. */
const usualDepth = 1;

const boxed = (value: Boxed, context: CallContext, depth: number): PsValue => {
  const inner = (child: Value): PsValue => toClixml(child, context, depth);
  switch (value.kind) {
    case 'integer':
      if (value.type === 'Int64') return value.value;
      if (value.type === 'UInt64') return psUInt64(value.value);
      return psNumber(numberKinds[value.type], Number(value.value));
    case 'float':
      return value.type === 'Double' ? psDouble(value.value) : psNumber('single', value.value);
    case 'decimal':
      return psText('decimal', decimalText(value.unscaled, value.scale));
    case 'char':
      return psChar(value.code);
    case 'datetime':
      return psDateTime(
        value.ticks,
        value.zone === 'Utc'
          ? 'utc'
          : value.zone === 'Unspecified'
            ? 'unspecified'
            : context.hooks.utcOffsetMinutes(context.hooks.wallClockMs()),
      );
    case 'timespan':
      return psTimeSpan(value.ticks);
    case 'enum':
      return psEnum(value.type.name, context.text(value), value.value);
    case 'hashtable':
      return psDictionary(
        value.entries().map(([key, entry]) => [inner(key), inner(entry)] as const),
        typeNamesOf(value),
      );
    case 'list':
      return psList(value.items.map(inner), typeNamesOf(value));
    case 'scriptblock':
      return psText('scriptBlock', value.text);
    case 'switch':
      return psObject({
        typeNames: ['System.Management.Automation.SwitchParameter', 'System.ValueType', 'System.Object'],
        text: value.isPresent ? 'True' : 'False',
        extended: { IsPresent: value.isPresent },
      });
    case 'ref':
      return inner(value.get());
    case 'custom':
      return properties(value, context, depth, true);
    case 'type':
      return psObject({
        typeNames: ['System.RuntimeType', 'System.Type', 'System.Object'],
        text: value.name,
        extended: { FullName: value.name, Name: value.name.slice(value.name.lastIndexOf('.') + 1) },
      });
    case 'error':
    case 'exception':
      return properties(value, context, depth, false);
    case 'instance': {
      const secret = stateOf(value, secureStringType);
      if (secret) return secret.text;
      if (value.type.name === 'System.Guid') return psText('guid', context.text(value));
      if (value.type.name === 'System.Version') return psText('version', context.text(value));
      if (value.type.name === 'System.Uri') return psText('uri', context.text(value));
      if (value.type.name === 'System.Xml.XmlDocument')
        return psText('xml', context.text(context.property(value, 'OuterXml')));
      if (value.type.enumerate) return psList(value.type.enumerate(value.state).map(inner), typeNamesOf(value));
      return properties(value, context, depth, false);
    }
  }
};

/** An object by its properties; below the depth only its text is sent. */
const properties = (value: Boxed, context: CallContext, depth: number, isPlain: boolean): PsValue => {
  // Plain property bags go as deep as they are nested (a limit keeps circles out); live objects one level.
  const left = isPlain ? depth : Math.min(depth, usualDepth);
  if (left <= 0) return context.text(value);
  const made: PsObject = psObject({ typeNames: typeNamesOf(value), text: isPlain ? null : context.text(value) });
  for (const property of listProperties(value, context)) {
    const isNote = property.kind === 'NoteProperty' || property.kind === 'ScriptProperty';
    (isNote ? made.extended : made.adapted).set(
      property.name,
      toClixml(property.value, context, isPlain ? left - 1 : 0),
    );
  }
  return made;
};

/** A value of the language as it goes over the wire (MS-PSRP 2.2.5). */
export const toClixml = (value: Value, context: CallContext, depth = 12): PsValue => {
  if (value === null || value === undefined) return null;
  if (
    typeof value === 'boolean' ||
    typeof value === 'number' ||
    typeof value === 'string' ||
    value instanceof Uint8Array
  )
    return value;
  if (Array.isArray(value)) {
    const element = elementTypeOf(value);
    return psList(
      value.map((item) => toClixml(item, context, depth)),
      [`${element}[]`, 'System.Array', 'System.Object'],
    );
  }
  return boxed(value, context, depth);
};
