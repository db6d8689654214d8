import { SecureText } from '../../../remote/protocol/clixml/secure-text.ts';
import {
  isPsObject,
  isPsTagged,
  type PsObject,
  type PsPrimitive,
  type PsValue,
} from '../../../remote/protocol/clixml/values.ts';
import { Hashtable } from '../../evaluator/hashtable.ts';
import {
  char,
  customObject,
  dateTime,
  decimal,
  double,
  int64,
  integer,
  list,
  switchValue,
  timeSpan,
} from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import { secureString } from '../types/secrets.ts';

const numberTypes = { byte: 'Byte', sbyte: 'SByte', int16: 'Int16', uint16: 'UInt16', uint32: 'UInt32' } as const;

/** How texts of other types become values: `[guid]$text` and so on. */
export type TextConverter = (text: string, type: 'guid' | 'version' | 'uri' | 'xml' | 'scriptblock') => Value;

const readDecimal = (text: string): Value => {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  return decimal(BigInt(`${sign}${whole}${fraction}`), fraction.length);
};

const primitive = (value: PsPrimitive, convert: TextConverter): Value => {
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number')
    return value;
  if (typeof value === 'bigint') return int64(value);
  if (value instanceof Uint8Array) return value;
  if (value instanceof SecureText) return secureString(value);
  switch (value.kind) {
    case 'byte':
    case 'sbyte':
    case 'int16':
    case 'uint16':
    case 'uint32':
      return integer(numberTypes[value.kind], value.value);
    case 'uint64':
      return integer('UInt64', value.value);
    case 'double':
      return double(value.value);
    case 'single':
      return { kind: 'float', type: 'Single', value: value.value };
    case 'char':
      return char(value.code);
    case 'decimal':
      return readDecimal(value.text);
    case 'guid':
    case 'version':
    case 'uri':
    case 'xml':
      return convert(value.text, value.kind);
    case 'scriptBlock':
      return convert(value.text, 'scriptblock');
    case 'dateTime':
      return dateTime(
        value.ticks,
        value.zone === 'utc' ? 'Utc' : value.zone === 'unspecified' ? 'Unspecified' : 'Local',
      );
    case 'timeSpan':
      return timeSpan(value.ticks);
    case 'secureString':
    case 'progress':
      return null;
  }
};

/** A value that came over the wire as the language sees it; objects of types without a CLIXML form become property bags (deserialised). */
export const valueFromClixml = (value: PsValue, convert: TextConverter, seen = new Map<PsObject, Value>()): Value => {
  if (value === null || typeof value !== 'object' || !isPsTagged(value) || !isPsObject(value))
    return primitive(value as PsPrimitive, convert);
  const known = seen.get(value);
  if (known !== undefined) return known;
  const again = (inner: PsValue): Value => valueFromClixml(inner, convert, seen);
  const { base } = value;
  if (base?.kind === 'primitive') return primitive(base.value, convert);
  if (base?.kind === 'object') return again(base.value);
  if (base?.kind === 'dictionary') {
    const table = new Hashtable(
      value.typeNames.some((name) => name.includes('OrderedDictionary'))
        ? 'System.Collections.Specialized.OrderedDictionary'
        : undefined,
    );
    seen.set(value, table);
    for (const [key, inner] of base.entries) table.set(again(key), again(inner));
    return table;
  }
  if (base) {
    const isList = value.typeNames.some((name) => name.includes('ArrayList') || name.includes('List`1'));
    const items: Value[] = [];
    const made: Value = isList ? list(items) : items;
    seen.set(value, made);
    for (const inner of base.items) items.push(again(inner));
    return made;
  }
  if (value.typeNames.includes('System.Management.Automation.SwitchParameter')) {
    return switchValue(value.extended.get('IsPresent') === true || value.adapted.get('IsPresent') === true);
  }
  const isPlain = value.typeNames.includes('System.Management.Automation.PSCustomObject');
  const object = customObject({}, isPlain ? [] : value.typeNames.filter((name) => name !== 'System.Object'));
  seen.set(value, object);
  for (const properties of [value.adapted, value.extended]) {
    for (const [name, inner] of properties)
      object.members.set(name.toLowerCase(), { kind: 'note', name, value: again(inner) });
  }
  if (value.text !== null) object.text = value.text;
  return object;
};
