import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { closest, nearest } from '../../kernel/suggestion.ts';
import type { Json } from '../../kernel/words.ts';
import { hidingMore, type InputFault } from './fault.ts';
import { expectedText, missingText, type SchemaPart } from './schema-words.ts';
import { type SchemaName, validatorOf } from './schemas.ts';
import { type Flaw, hasRest, noGaps, type Rest, soundRest } from './sound-rest.ts';
import type { DocumentPath, FaultWords, SourceDocument } from './source-document.ts';
import { flowText, kindOf, shown, typeText } from './value-words.ts';

/** Longer lists of forms are told by number and where they are listed. */
const mostListed = 20;

/** What checking gives: the value, or every fault at once and the places that they lie in; and what can be checked further, if anything. */
type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly rest: Rest<T> }
  | {
      readonly ok: false;
      readonly faults: readonly InputFault[];
      readonly places: readonly DocumentPath[];
      readonly rest: Rest<T> | null;
    };

/** Checks a document against the schema of its format; every fault at once. `hide` names paths whose values are never shown. */
export function checkDocument<T>(
  source: SourceDocument,
  schema: SchemaName,
  hide: (path: DocumentPath) => boolean = () => false,
): Checked<T> {
  const validate = validatorOf(schema);
  if (validate(source.value)) {
    const value = source.value as T;
    return { ok: true, value, rest: { value, source, gaps: noGaps } };
  }
  const other = otherFormat(source, schema);
  if (other !== null) return { ok: false, faults: hidingMore([other]), places: [[]], rest: null };
  const faults: InputFault[] = [];
  const flaws: Flaw[] = [];
  for (const error of errorsOf(validate)) {
    const path = pathOf(error.instancePath, source.value);
    const hidden = hide(path);
    const { at, words } = wordsOf(hidden ? { ...error, data: null } : error, path, source);
    flaws.push({ at, missing: missingKey(error) });
    const secretWords: FaultWords = {
      message: 'this value (not shown) is not allowed here',
      expected: words.expected ?? null,
    };
    const fault = source.fault(at, hidden ? { ...secretWords, hideText: true } : words);
    if (!faults.some((other) => other.path === fault.path && other.message === fault.message)) faults.push(fault);
  }
  const flawsIn = (value: Json): readonly Flaw[] =>
    validate(value)
      ? []
      : errorsOf(validate).map((error) => {
          const path = pathOf(error.instancePath, value);
          return { at: wordsOf(error, path, source).at, missing: missingKey(error) };
        });
  const left = hasRest(schema) ? soundRest<T>(source, schema, flaws, flawsIn) : null;
  const told = hasRest(schema) && left?.isAllSeen !== true ? hidingMore(faults) : faults;
  return { ok: false, faults: told, places: flaws.map(({ at }) => at), rest: left?.rest ?? null };
}

/** The fault inside a name is told; that the object has a wrong name says no more. */
const errorsOf = ({ errors }: ValidateFunction): readonly ErrorObject[] =>
  (errors ?? []).filter(({ keyword }) => keyword !== 'propertyNames');

const missingKey = ({ keyword, params }: ErrorObject): string | null =>
  keyword === 'required' ? String(params['missingProperty']) : null;

/** A file of another format or version has one fault, not all those that follow from it. */
function otherFormat(source: SourceDocument, schema: SchemaName): InputFault | null {
  const { value } = source;
  const format = typeof value === 'object' && value !== null && 'kintsugi' in value ? value.kintsugi : null;
  const [, name = '', version = ''] = /^([a-z-]+)\/v(\d+)$/.exec(typeof format === 'string' ? format : '') ?? [];
  if (name === '' || (name === schema && version === '1')) return null;
  const message =
    name === schema ? `this file is of version ${version} of its format` : `this file is ${shown(format)}`;
  const suggestion = name === schema && Number(version) > 1 ? 'take a newer Kintsugi' : null;
  return source.fault(['kintsugi'], { message, expected: `${schema}/v1`, suggestion });
}

function wordsOf(
  error: ErrorObject,
  path: DocumentPath,
  source: SourceDocument,
): { readonly at: DocumentPath; readonly words: FaultWords } {
  const parent = (error.parentSchema ?? {}) as SchemaPart;
  const expected = expectedText(parent);
  const parameters = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(String(parameters['additionalProperty']), path, error.data as Record<string, Json>, parent);
    case 'required': {
      const key = String(parameters['missingProperty']);
      const words = {
        message: `the key \`${key}\` is missing`,
        expected: missingText(key, parent.properties?.[key]),
        atKey: true,
      };
      return { at: path, words };
    }
    case 'type':
      return { at: path, words: typeWords(error, path, source, expected) };
    case 'enum':
    case 'const': {
      const allowed =
        error.keyword === 'const' ? [parameters['allowedValue']] : (parameters['allowedValues'] as unknown[]);
      const near = typeof error.data === 'string' ? closest(error.data, allowed.map(String)) : null;
      return {
        at: path,
        words: {
          message: `${shown(error.data)} is not allowed here`,
          expected: allowed.map(flowText).join(allowed.length === 2 ? ' or ' : ', '),
          suggestion: near === null ? null : `did you mean \`${near}\`?`,
        },
      };
    }
    case 'discriminator':
      return formWords(String(parameters['tag']), parameters['tagValue'], path, parent);
    case 'pattern':
      return error.propertyName === undefined
        ? { at: path, words: { message: `${shown(error.data)} does not have the right form`, expected } }
        : nameWords(error.propertyName, path, expected);
    case 'minItems':
    case 'minProperties':
      return {
        at: path,
        words: { message: 'this is empty', expected: atLeastOne(parent), atKey: true },
      };
    case 'maxProperties':
      return { at: path, words: tooManyKeys(error.data as Record<string, Json>, Number(parameters['limit']), parent) };
    case 'maxItems':
    case 'maxLength':
    case 'minLength':
      return { at: path, words: sizeWords(error, Number(parameters['limit'])) };
    case 'minimum':
    case 'exclusiveMinimum':
    case 'maximum':
    case 'exclusiveMaximum':
      return { at: path, words: limitWords(error, parameters, expected) };
    case 'uniqueItems': {
      const item = (error.data as readonly Json[])[Number(parameters['i'])];
      const index = Math.max(Number(parameters['i']), Number(parameters['j']));
      return { at: [...path, index], words: { message: `${shown(item)} is there twice`, expected: 'each once' } };
    }
    default:
      return { at: path, words: { message: `this ${error.message ?? 'is not valid'}`, expected } };
  }
}

function atLeastOne({ properties, description = '' }: SchemaPart): string {
  return properties === undefined ? `at least one: ${description}` : `one of ${Object.keys(properties).join(', ')}`;
}

/** A value of several forms, which are told apart by one key: none of them has this. */
function formWords(
  key: string,
  value: unknown,
  path: DocumentPath,
  parent: SchemaPart,
): { readonly at: DocumentPath; readonly words: FaultWords } {
  const allowed = (parent.oneOf ?? []).map((form) => flowText(form.properties?.[key]?.const)).toSorted();
  const near = typeof value === 'string' ? nearest(value, allowed, 3).map((name) => `\`${name}\``) : [];
  const suggestion = near.length === 0 ? null : `did you mean ${near.join(', ')}?`;
  const expected =
    allowed.length <= mostListed ? allowed.join(', ') : `one of ${allowed.length} ${key}s${whereListed(parent)}`;
  return { at: [...path, key], words: { message: `${shown(value)} is not allowed here`, expected, suggestion } };
}

const whereListed = ({ $comment }: SchemaPart): string => ($comment === undefined ? '' : ` (${$comment})`);

/** Keys of which only some may be given at once. */
function tooManyKeys(data: Readonly<Record<string, Json>>, limit: number, { properties }: SchemaPart): FaultWords {
  const given = Object.keys(data);
  const names = Object.keys(properties ?? {});
  return limit === 1 && names.length > 0
    ? { message: `${given.join(' and ')} are given at once`, expected: `exactly one of ${names.join(', ')}` }
    : { message: `this has ${given.length} keys`, expected: `at most ${limit}`, atKey: true };
}

/** A text or a list that is too long or too short. */
function sizeWords({ keyword, data }: ErrorObject, limit: number): FaultWords {
  const size = Array.isArray(data) ? data.length : Array.from(String(data)).length;
  if (size === 0) return { message: 'this is empty', expected: 'something' };
  const what = Array.isArray(data) ? 'items' : 'characters';
  return { message: `this has ${size} ${what}`, expected: `at ${keyword === 'minLength' ? 'least' : 'most'} ${limit}` };
}

/** A number outside of its limits. */
function limitWords(
  { keyword, data }: ErrorObject,
  parameters: Readonly<Record<string, unknown>>,
  expected: string | null,
): FaultWords {
  const isLow = /minimum/i.test(keyword);
  const isOpen = keyword.startsWith('exclusive');
  const limit = `${isLow ? (isOpen ? 'more than' : 'at least') : isOpen ? 'less than' : 'at most'} ${String(parameters['limit'])}`;
  return { message: `${shown(data)} is too ${isLow ? 'small' : 'large'}`, expected: expected ?? limit };
}

function unknownKey(
  key: string,
  path: DocumentPath,
  data: Readonly<Record<string, Json>>,
  parent: SchemaPart,
): { readonly at: DocumentPath; readonly words: FaultWords } {
  const allowed = Object.keys(parent.properties ?? {});
  const free = allowed.filter((name) => !Object.hasOwn(data, name));
  const near = closest(key, free) ?? closest(key, allowed);
  const meant = near === null ? null : `did you mean \`${near}\`?`;
  // `{ text: one, two }` makes a key `two` of the rest of the text.
  const comma = data[key] === null && /\s/.test(key) ? 'a text with a comma needs quotes here' : null;
  const words = { message: `unknown key \`${key}\``, expected: `one of ${allowed.join(', ')}` };
  return { at: [...path, key], words: { ...words, suggestion: meant ?? comma, atKey: true } };
}

function nameWords(name: string, path: DocumentPath, expected: string | null): { at: DocumentPath; words: FaultWords } {
  const message = `\`${name}\` does not have the right form for a name`;
  return { at: [...path, name], words: { message, expected, atKey: true } };
}

function typeWords(
  error: ErrorObject,
  path: DocumentPath,
  source: SourceDocument,
  expected: string | null,
): FaultWords {
  const wanted = [error.params['type']].flat().map(String);
  const message = `expected ${wanted.map(typeText).join(' or ')}, got ${kindOf(error.data)}`;
  const written = source.written(path);
  const quotable = wanted.includes('string') && ['number', 'boolean'].includes(typeof error.data) && written !== null;
  return { message, expected, suggestion: quotable ? `put it in quotes: "${written}"` : null };
}

/** A JSON pointer (RFC 6901) as a path; numbers are indexes where the value above is a list. */
function pathOf(pointer: string, value: Json): DocumentPath {
  const path: (string | number)[] = [];
  let current: unknown = value;
  for (const raw of pointer.split('/').slice(1)) {
    const part = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(current) ? Number(part) : part);
    current = (current as Record<string, unknown> | undefined)?.[part];
  }
  return path;
}
