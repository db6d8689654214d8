import { randomUUID } from 'node:crypto';
import { defineType, netError } from '../define.ts';
import { integer, newObject, stateOf } from '../make.ts';
import type { TypeDefinition } from '../type-definition.ts';
import type { Value } from '../value.ts';
import { readArguments } from './arguments.ts';

const guidShape = /^[{(]?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})[})]?$/i;

const readGuid = (text: string): string | undefined => {
  const match = guidShape.exec(text.trim());
  return match ? match.slice(1).join('-').toLowerCase() : undefined;
};

const guidText = (guid: string, format: string): string => {
  const digits = guid.replaceAll('-', '');
  const forms: Readonly<Record<string, string>> = { d: guid, n: digits, b: `{${guid}}`, p: `(${guid})` };
  const text = forms[format.toLowerCase() || 'd'];
  if (text === undefined)
    throw netError(
      'System.FormatException',
      'Format string can be only "D", "d", "N", "n", "P", "p", "B", "b", "X" or "x".',
    );
  return text;
};

/** A Guid in network byte order text turned into .NET's mixed byte order. */
const guidBytes = (guid: string): Uint8Array => {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex');
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return Uint8Array.from(order, (place) => bytes[place] ?? 0);
};

/** System.Guid; its state is the lower-case text. */
export const guidType: TypeDefinition<string> = defineType<string>({
  name: 'System.Guid',
  aliases: ['guid'],
  bases: ['System.ValueType'],
  properties: { Guid: { get: (state) => state } },
  methods: {
    ToString: (state, args, context) => guidText(state, args.length > 0 ? readArguments(args, context).text(0) : ''),
    ToByteArray: (state) => guidBytes(state),
  },
  toText: (state) => state,
  keyText: (state) => state,
  compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  construct: (context, args) =>
    makeGuid(args.length === 0 ? '00000000-0000-0000-0000-000000000000' : context.text(args[0])),
  convertFrom: (value, context) => {
    if (stateOf(value, guidType) !== undefined) return value;
    const guid = typeof value === 'string' ? readGuid(context.text(value)) : undefined;
    return guid === undefined ? undefined : newObject(guidType, guid);
  },
  statics: {
    properties: { Empty: { get: () => newObject(guidType, '00000000-0000-0000-0000-000000000000') } },
    methods: {
      NewGuid: () => newObject(guidType, randomUUID()),
      Parse: (args, context) => makeGuid(readArguments(args, context).text(0)),
      TryParse: (args, context) => {
        const guid = readGuid(readArguments(args, context).text(0));
        const target = args[1];
        if (typeof target === 'object' && target !== null && 'kind' in target && target.kind === 'ref')
          target.set(newObject(guidType, guid ?? '00000000-0000-0000-0000-000000000000'));
        return guid !== undefined;
      },
    },
  },
});

function makeGuid(text: string): Value {
  const guid = readGuid(text);
  if (guid === undefined)
    throw netError(
      'System.FormatException',
      'Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).',
    );
  return newObject(guidType, guid);
}

type VersionParts = readonly number[];

const readVersion = (text: string): VersionParts | undefined => {
  const parts = text.trim().split('.');
  if (parts.length < 2 || parts.length > 4 || !parts.every((part) => /^\s*\d{1,10}\s*$/.test(part))) return undefined;
  return parts.map(Number);
};

const part = (state: VersionParts, index: number): number => state[index] ?? -1;

/** System.Version; its state is the list of two to four numbers. */
export const versionType: TypeDefinition<VersionParts> = defineType<VersionParts>({
  name: 'System.Version',
  aliases: ['version'],
  properties: {
    Major: { get: (state) => part(state, 0) },
    Minor: { get: (state) => part(state, 1) },
    Build: { get: (state) => part(state, 2) },
    Revision: { get: (state) => part(state, 3) },
    MajorRevision: { get: (state) => integer('Int16', part(state, 3) >> 16) },
    MinorRevision: { get: (state) => integer('Int16', (part(state, 3) << 16) >> 16) },
  },
  methods: {
    ToString: (state, args, context) => {
      const count = args.length > 0 ? readArguments(args, context).integer(0) : state.length;
      if (count >= 0 && count <= state.length) return state.slice(0, count).join('.');
      throw netError('System.ArgumentException', `Argument must be between 0 and ${state.length}.`);
    },
    CompareTo: (state, [other]) => {
      if (other === null || other === undefined) return 1;
      const version = stateOf(other, versionType);
      if (version) return compareVersions(state, version);
      throw netError('System.ArgumentException', 'Object must be of type Version.');
    },
  },
  toText: (state) => state.join('.'),
  keyText: (state) => state.join('.'),
  compare: compareVersions,
  construct: (context, args) => {
    if (args.length > 1)
      return newObject(
        versionType,
        args.map((_, index) => readArguments(args, context).integer(index)),
      );
    return makeVersion(args.length === 0 ? '0.0' : context.text(args[0]));
  },
  convertFrom: (value, context) => {
    if (stateOf(value, versionType) !== undefined) return value;
    const parts = readVersion(context.text(value));
    return parts === undefined ? undefined : newObject(versionType, parts);
  },
  statics: {
    methods: {
      Parse: (args, context) => makeVersion(readArguments(args, context).text(0)),
      TryParse: (args, context) => {
        const parts = readVersion(readArguments(args, context).text(0));
        const target = args[1];
        if (typeof target === 'object' && target !== null && 'kind' in target && target.kind === 'ref')
          target.set(parts === undefined ? null : newObject(versionType, parts));
        return parts !== undefined;
      },
    },
  },
});

function compareVersions(a: VersionParts, b: VersionParts): number {
  for (let index = 0; index < 4; index++) {
    const order = Math.sign(part(a, index) - part(b, index));
    if (order !== 0) return order;
  }
  return 0;
}

function makeVersion(text: string): Value {
  const parts = readVersion(text);
  if (parts !== undefined) return newObject(versionType, parts);
  throw text.split('.').length < 2 || text.split('.').length > 4
    ? netError('System.ArgumentException', "Version string portion was too short or too long. (Parameter 'input')")
    : netError('System.FormatException', 'Input string was not in a correct format.');
}
