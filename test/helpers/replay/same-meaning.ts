import { isDeepStrictEqual } from 'node:util';
import { isPsObject, type PsObject, type PsValue } from '../../../src/remote/protocol/clixml/values.ts';
import type { MessageType } from '../../../src/remote/protocol/psrp/message-types.ts';

/** Members that clients fill as they like: a key of their own, numbers of their own, a time zone that servers don't need. */
const own: Readonly<Partial<Record<MessageType, readonly string[]>>> = {
  sessionCapability: ['timezone'],
  publicKey: ['publickey'],
  setMaxRunspaces: ['ci'],
  setMinRunspaces: ['ci'],
  getAvailableRunspaces: ['ci'],
  resetRunspaceState: ['ci'],
};

/** Where two payloads of one type of message differ in meaning, as a path; undefined if they mean the same. */
export function differenceOf(
  type: MessageType,
  recorded: PsValue | undefined,
  ours: PsValue | undefined,
): string | undefined {
  // What scripts get must be exactly the same; around it, names of types and ways of writing enums are free.
  if (type === 'pipelineInput') return isDeepStrictEqual(recorded, ours) ? undefined : 'value';
  return compare(recorded ?? null, ours ?? null, new Set(own[type]), 'payload');
}

function compare(recorded: PsValue, ours: PsValue, ignored: ReadonlySet<string>, path: string): string | undefined {
  if (isNothing(recorded) && isNothing(ours)) return undefined;
  const numbers = [enumNumber(recorded), enumNumber(ours)];
  if (numbers[0] !== undefined || numbers[1] !== undefined)
    return (numbers[0] ?? recorded) === (numbers[1] ?? ours) ? undefined : path;
  if (!isPsObject(recorded) || !isPsObject(ours)) return isDeepStrictEqual(recorded, ours) ? undefined : path;
  return compareBases(recorded, ours, ignored, path) ?? compareMembers(recorded, ours, ignored, path);
}

function compareMembers(recorded: PsObject, ours: PsObject, ignored: ReadonlySet<string>, path: string) {
  const [left, right] = [membersOf(recorded), membersOf(ours)];
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    if (ignored.has(name)) continue;
    const found = compare(left.get(name) ?? null, right.get(name) ?? null, ignored, `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function compareBases(recorded: PsObject, ours: PsObject, ignored: ReadonlySet<string>, path: string) {
  const [left, right] = [itemsOf(recorded), itemsOf(ours)];
  if (left === undefined || right === undefined)
    return isDeepStrictEqual(recorded.base, ours.base) ? undefined : `${path} (base)`;
  if (left.length !== right.length) return `${path} (${left.length} and ${right.length} items)`;
  for (const [index, item] of left.entries()) {
    const found = compare(item, right[index] ?? null, ignored, `${path}[${index}]`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Absent, null, false and the enum value 0 are all the same to a server. */
const isNothing = (value: PsValue): boolean =>
  value === null || value === false || value === 0 || enumNumber(value) === 0;

function enumNumber(value: PsValue): number | undefined {
  if (!isPsObject(value) || !value.typeNames.includes('System.Enum') || value.base?.kind !== 'primitive')
    return undefined;
  return typeof value.base.value === 'number' ? value.base.value : undefined;
}

const membersOf = (object: PsObject): Map<string, PsValue> =>
  new Map([...object.adapted, ...object.extended].map(([name, value]) => [name.toLowerCase(), value]));

function itemsOf(object: PsObject): readonly PsValue[] | undefined {
  const { base } = object;
  if (base?.kind === 'dictionary') return base.entries.flat();
  return base !== null && 'items' in base ? base.items : undefined;
}
