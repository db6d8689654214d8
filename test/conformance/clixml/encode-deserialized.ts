import { isPsTagged, type PsObject, type PsValue } from '../../../src/remote/protocol/clixml/values.ts';
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

/** Types that PowerShell makes live again (its types table names a converter for them), and which then show their text only. */
const liveAgain: ReadonlySet<string> = new Set([
  'System.Globalization.CultureInfo',
  'System.Management.Automation.PSCredential',
  'System.Management.Automation.PSListModifier',
  'System.Management.Automation.SwitchParameter',
  'System.Net.IPAddress',
  'System.Net.Mail.MailAddress',
]);
/** Dictionaries that keep their type. */
const ownDictionaries: ReadonlySet<string> = new Set([
  'System.Collections.Specialized.OrderedDictionary',
  'System.Management.Automation.PSPrimitiveDictionary',
]);
const collections = { list: 'ArrayList', stack: 'Stack', queue: 'Queue' } as const;

const encode: Encode = cutAt((value, depth) => {
  if (!isPsTagged(value) || value.kind !== 'object') return encodeScalar(value);
  const { base } = value;
  if (base?.kind === 'primitive') return withExtra(encodeScalar(base.value), value, encode, depth);
  if (base?.kind === 'dictionary') {
    const t = ownDictionaries.has(typeOf(value)) ? typeOf(value) : 'System.Collections.Hashtable';
    return { t, pairs: encodePairs(value, encode, depth) };
  }
  if (base !== null && 'items' in base) {
    const items = base.items.map((item) => encode(item, depth + 1));
    if (base.kind !== 'enumerable') return { t: `System.Collections.${collections[base.kind]}`, items };
    const typeNames = ['System.Collections.ArrayList', 'System.Object'];
    return { t: 'System.Management.Automation.PSObject', items, typeNames };
  }
  return encodeObject(value, depth);
});

/** A script block arrives as its text, and the constructor of Uri cuts blanks off. */
function encodeScalar(value: Exclude<PsValue, PsObject>): Encoded {
  const encoded = encodePrimitive(value);
  if (!isPsTagged(value)) return encoded;
  if (value.kind === 'scriptBlock') return { t: 'System.String', v: value.text };
  return value.kind === 'uri' ? { ...encoded, v: value.text.trim() } : encoded;
}

function encodeObject(value: PsObject, depth: number): Encoded {
  if (liveAgain.has(typeOf(value))) return { t: typeOf(value), s: value.text ?? '' };
  const props = encodeMembers([...value.extended, ...value.adapted], encode, depth);
  if (value.typeNames.length === 0) return { t: customObject, props };
  const typeNames = value.typeNames.map((name) => (name.startsWith('Deserialized.') ? name : `Deserialized.${name}`));
  return { t: customObject, props, typeNames, toString: value.text ?? '' };
}

/** Encodes what PowerShell's deserializer makes of the CLIXML. */
export const encodeDeserialized = (value: PsValue): Encoded => encode(value, 0);
