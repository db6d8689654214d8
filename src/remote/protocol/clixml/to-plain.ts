import { formatTimeSpan, toDate } from './date-time.ts';
import { isMemberSet, isPsTagged, type PsObject, type PsPrimitive, type PsValue } from './values.ts';

/** What `toPlain` gives: JSON's types, with bigint for integers that JavaScript's number can't hold. */
export type Plain = null | boolean | number | bigint | string | Plain[] | { [name: string]: Plain };

/** Stands where an object contains itself. */
const cycleMark = '(cycle)';

/**
 * Makes plain JSON-like data from a CLIXML value. Integers of all sizes, floats and decimals of up to 15 digits become numbers (bigint beyond the safe
 * range, text for longer decimals); dates ISO text (UTC where the zone is known); time spans ISO durations; byte[] base64; chars, guids,
 * versions, URIs, XML and script blocks text; enums their name; lists of all sorts arrays; dictionaries and objects records (extended
 * properties win over adapted ones, member sets are left out); an object with neither content nor properties its text. A secret becomes `(secret)`, an object
 * inside itself `(cycle)`.
 */
export function toPlain(value: PsValue): Plain {
  return plain(value, new Set());
}

function plain(value: PsValue, open: Set<PsObject>): Plain {
  if (!isPsTagged(value) || value.kind !== 'object') return primitive(value);
  if (open.has(value)) return cycleMark;
  open.add(value);
  const result = object(value, open);
  open.delete(value);
  return result;
}

function object(value: PsObject, open: Set<PsObject>): Plain {
  const { base } = value;
  if (base?.kind === 'primitive')
    return value.text !== null && value.typeNames.some(isEnumName) ? value.text : primitive(base.value);
  if (base?.kind === 'dictionary')
    return Object.fromEntries(base.entries.map(([key, item]) => [keyText(plain(key, open)), plain(item, open)]));
  if (base !== null && 'items' in base) return base.items.map((item) => plain(item, open));
  const names = Array.from(new Map([...value.adapted, ...value.extended]))
    .filter(([, item]) => !isMemberSet(item))
    .map(([name, item]): [string, Plain] => [name, plain(item, open)]);
  const inner = base?.kind === 'object' ? plain(base.value, open) : null;
  if (inner !== null && (typeof inner !== 'object' || Array.isArray(inner))) return inner;
  if (names.length === 0 && base === null && value.text !== null) return value.text;
  return Object.fromEntries([...Object.entries(inner ?? {}), ...names]);
}

/** An enum that has been through remoting before bears the second name. */
const isEnumName = (name: string): boolean => name === 'System.Enum' || name === 'Deserialized.System.Enum';

const keyText = (key: Plain): string =>
  typeof key === 'object' && key !== null
    ? JSON.stringify(key, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item))
    : String(key);

const safe = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;

function primitive(value: PsPrimitive): Plain {
  if (typeof value === 'bigint') return safe(value);
  if (value === null || typeof value !== 'object') return value;
  if (!isPsTagged(value)) return Buffer.from(value).toString('base64');
  switch (value.kind) {
    case 'byte':
    case 'sbyte':
    case 'int16':
    case 'uint16':
    case 'uint32':
    case 'single':
    case 'double':
      return value.value;
    case 'uint64':
      return safe(value.value);
    case 'char':
      return String.fromCharCode(value.code);
    case 'dateTime':
      return value.zone === 'unspecified' ? toDate(value).toISOString().slice(0, -1) : toDate(value).toISOString();
    case 'timeSpan':
      return formatTimeSpan(value);
    case 'decimal':
      return value.text.replace(/[-+.]/g, '').replace(/^0+/, '').length <= 15 ? Number(value.text) : value.text;
    case 'guid':
    case 'version':
    case 'uri':
    case 'xml':
    case 'scriptBlock':
      return value.text;
    case 'secureString':
    case 'secureText':
      return '(secret)';
    case 'progress':
      return {
        activity: value.activity,
        statusDescription: value.statusDescription,
        currentOperation: value.currentOperation,
        percentComplete: value.percentComplete,
        type: value.type,
      };
  }
}
