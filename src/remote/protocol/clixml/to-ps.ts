import { Failure } from '../../../kernel/failure.ts';
import { fromDate } from './date-time.ts';
import { isPsTagged, type PsValue, psDictionary, psDouble, psList, psText, psUInt64 } from './values.ts';

/**
 * Makes a CLIXML value from plain JavaScript: integers become Int32, else Int64 if safe, else Double; bigints Int64, UInt64 or Decimal by
 * range; Date a UTC DateTime; Uint8Array byte[]; arrays Object[]; Maps and plain objects Hashtables; undefined null. Values of the model
 * pass through, at any depth. Shared and cyclic references are kept.
 * @throws Failure `protocol-error` for what has no counterpart (functions, symbols, class instances, bigints beyond Decimal)
 */
export function toPs(value: unknown): PsValue {
  return convert(value, new Map());
}

function convert(value: unknown, seen: Map<object, PsValue>): PsValue {
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'boolean':
    case 'string':
      return value;
    case 'number':
      return fromNumber(value);
    case 'bigint':
      return fromBigInt(value);
    case 'object':
      return value === null ? null : fromObject(value, seen);
    case 'function':
    case 'symbol':
      throw new Failure('protocol-error', `A ${typeof value} can't be sent to PowerShell`);
  }
}

function fromNumber(value: number): PsValue {
  if (!Number.isInteger(value) || Object.is(value, -0)) return psDouble(value);
  if ((value | 0) === value) return value;
  return Number.isSafeInteger(value) ? BigInt(value) : psDouble(value);
}

function fromBigInt(value: bigint): PsValue {
  if (BigInt.asIntN(64, value) === value) return value;
  if (BigInt.asUintN(64, value) === value) return psUInt64(value);
  const magnitude = value < 0n ? -value : value;
  if (magnitude < 2n ** 96n) return psText('decimal', String(value));
  throw new Failure('protocol-error', `The integer ${value} is too large for PowerShell's Decimal`);
}

function fromObject(value: object, seen: Map<object, PsValue>): PsValue {
  if (isPsTagged(value) || value instanceof Uint8Array) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (value instanceof Date) return fromDate(value);
  if (Array.isArray(value)) {
    const list = psList([]);
    seen.set(value, list);
    if (list.base?.kind === 'list') for (const item of value) list.base.items.push(convert(item, seen));
    return list;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!(value instanceof Map) && prototype !== Object.prototype && prototype !== null)
    throw new Failure(
      'protocol-error',
      `An object of class ${value.constructor.name} can't be sent to PowerShell; make it plain first`,
    );
  const dictionary = psDictionary([]);
  seen.set(value, dictionary);
  const entries: Iterable<[unknown, unknown]> = value instanceof Map ? value : Object.entries(value);
  if (dictionary.base?.kind === 'dictionary')
    for (const [key, item] of entries) dictionary.base.entries.push([convert(key, seen), convert(item, seen)]);
  return dictionary;
}
