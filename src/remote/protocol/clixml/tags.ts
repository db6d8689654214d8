import { primitiveReaders, type Read } from './primitives.ts';

/** What an element of CLIXML is for. */
export type Role =
  | 'string'
  | 'int32'
  | 'nil'
  | 'primitive'
  | 'object'
  | 'reference'
  | 'progress'
  | 'extended'
  | 'adapted'
  | 'typeNames'
  | 'typeReference'
  | 'typeName'
  | 'toString'
  | 'list'
  | 'enumerable'
  | 'stack'
  | 'queue'
  | 'dictionary'
  | 'entry'
  | 'document'
  | 'unknown';

/** An element's name and what it means (MS-PSRP 2.2.5). */
export type Tag = {
  readonly name: string;
  /** Its end tag as it is nearly always written. */
  readonly close: string;
  readonly role: Role;
  /** For a primitive: reads its text. */
  readonly read: Read | null;
};

const roles: Readonly<Record<string, Role>> = {
  Obj: 'object',
  Ref: 'reference',
  PR: 'progress',
  MS: 'extended',
  Props: 'adapted',
  TN: 'typeNames',
  TNRef: 'typeReference',
  T: 'typeName',
  ToString: 'toString',
  LST: 'list',
  IE: 'enumerable',
  STK: 'stack',
  QUE: 'queue',
  DCT: 'dictionary',
  En: 'entry',
  Objs: 'document',
  S: 'string',
  I32: 'int32',
  Nil: 'nil',
};

const byPacked = new Map<number, Tag>();

/** A number from a name's last four characters. */
function pack(name: string): number {
  let packed = 0;
  for (let at = 0; at < name.length; at++) packed = ((packed << 7) | name.charCodeAt(at)) & 0xfffffff;
  return packed;
}

function add(name: string, role: Role, read: Read | null): void {
  byPacked.set(pack(name), { name, close: `</${name}>`, role, read });
}
for (const [name, read] of primitiveReaders) add(name, roles[name] ?? 'primitive', read);
for (const [name, role] of Object.entries(roles)) if (!primitiveReaders.has(name)) add(name, role, null);

/** A tag that CLIXML does not know. */
export const unknownTag = (name: string): Tag => ({ name, close: `</${name}>`, role: 'unknown', read: null });

/** The tag of the name in `text` from `start` to `end`; `packed` is what its last four characters come to. */
export function findTag(text: string, start: number, end: number, packed: number): Tag {
  const tag = byPacked.get(packed);
  // Four characters are all that `packed` holds.
  if (tag !== undefined && tag.name.length === end - start && (end - start <= 4 || text.startsWith(tag.name, start)))
    return tag;
  return unknownTag(text.slice(start, end));
}
