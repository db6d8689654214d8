import { toPlain } from '../../../src/remote/protocol/clixml/to-plain.ts';
import { isPsTagged, type PsObject, type PsValue, psProperty } from '../../../src/remote/protocol/clixml/values.ts';
import { errorCategories } from '../../../src/remote/protocol/psrp/codes.ts';
import {
  customObject,
  cutAt,
  type Encode,
  type Encoded,
  encodeMembers,
  encodePairs,
  encodePrimitive,
  typeOf,
  withExtra,
} from './encode-primitive.ts';

/** Types whose text the recorder shows as their value. */
const textTypes: ReadonlySet<string> = new Set([
  'System.Management.Automation.SemanticVersion',
  'System.Numerics.BigInteger',
]);

const encode: Encode = cutAt((value, depth) => {
  if (!isPsTagged(value) || value.kind !== 'object') return encodePrimitive(value);
  const { base } = value;
  const t = typeOf(value);
  if (value.typeNames.includes('System.Enum') && base?.kind === 'primitive')
    return { t, enum: true, v: value.text, n: `${Number(base.value)}` };
  if (base?.kind === 'primitive') return withExtra(encodePrimitive(base.value), value, encode, depth);
  if (base?.kind === 'dictionary') return { t, pairs: encodePairs(value, encode, depth) };
  if (/\[,+\]$/.test(t) && base !== null && 'items' in base)
    return { t, rank: t.split(',').length, s: base.items.map(plainText).join(' ') };
  if (base !== null && 'items' in base) return { t, items: base.items.map((item) => encode(item, depth + 1)) };
  return isCustom(value) ? encodeCustom(value, depth) : encodeRecord(value, depth);
});

/** An item as PowerShell writes it into a text. */
function plainText(item: PsValue): string {
  const plain = toPlain(item);
  if (typeof plain === 'boolean') return plain ? 'True' : 'False';
  return typeof plain === 'object' ? (plain === null ? '' : JSON.stringify(plain)) : String(plain);
}

/** Whether an object was a custom one: it has that type somewhere, was read from CLIXML itself, or tells no text and nothing of a .NET type. */
const isCustom = (value: PsObject): boolean =>
  value.typeNames.includes(customObject) ||
  typeOf(value).startsWith('Deserialized.') ||
  (value.text === null && value.adapted.size === 0);

function encodeCustom(value: PsObject, depth: number): Encoded {
  const props = encodeMembers([...value.extended, ...value.adapted], encode, depth);
  const plain = { t: customObject, props };
  if (typeOf(value).startsWith('Deserialized.'))
    return { ...plain, typeNames: value.typeNames, toString: value.text ?? '' };
  return value.typeNames.join() === `${customObject},System.Object` ? plain : { ...plain, typeNames: value.typeNames };
}

function encodeRecord(value: PsObject, depth: number): Encoded {
  const t = typeOf(value);
  if (t === 'System.Management.Automation.ErrorRecord') return encodeError(value, depth);
  if (value.typeNames.includes('System.Exception'))
    return withExtra({ t, message: psProperty(value, 'Message') ?? null }, value, encode, depth);
  const message = psProperty(value, 'InformationalRecord_Message');
  if (message !== undefined) return withExtra({ t, message }, value, encode, depth);
  if (t === 'System.Management.Automation.InformationRecord') return { t, message: value.text };
  return textTypes.has(t) ? { t, v: value.text } : { t, s: value.text };
}

function encodeError(value: PsObject, depth: number): Encoded {
  const exception = psProperty(value, 'Exception') ?? null;
  const type = isPsTagged(exception) && exception.kind === 'object' ? typeOf(exception) : '';
  // PSMessageDetails is a script property of every error record, not one of its notes.
  const notes = [...value.extended].filter(([name]) => name !== 'PSMessageDetails');
  return {
    t: typeOf(value),
    fqid: psProperty(value, 'FullyQualifiedErrorId'),
    category: errorCategories[Number(psProperty(value, 'ErrorCategory_Category'))],
    message: psProperty(exception, 'Message'),
    type,
    extra: encodeMembers(notes, encode, depth),
  };
}

/** Encodes the live value that the CLIXML was made from. */
export const encodeLive = (value: PsValue): Encoded => encode(value, 0);
