import { formatSddlSid, parseSddlSid } from '../../accounts.ts';

/** One access rule. `flags` as in SDDL: OI, CI, IO, NP, ID. */
export type AccessRule = {
  readonly allow: boolean;
  readonly flags: readonly string[];
  /** Access mask. */
  readonly rights: number;
  readonly sid: string;
};

/** Owner and access rules that an object has of its own; inherited rules come from its parent unless `isProtected`. */
export type SecurityDescriptor = {
  readonly owner: string;
  readonly group: string;
  readonly isProtected: boolean;
  readonly rules: readonly AccessRule[];
};

// Names SDDL has for masks of files and keys (MS-DTYP 2.5.1.1).
const rightNames: readonly (readonly [string, number])[] = [
  ['FA', 0x1f01ff],
  ['FR', 0x120089],
  ['FW', 0x120116],
  ['FX', 0x1200a0],
  ['KA', 0xf003f],
  ['KR', 0x20019],
  ['KW', 0x20006],
  ['GA', 0x10000000],
  ['GR', 0x80000000 | 0],
  ['GW', 0x40000000],
  ['GX', 0x20000000],
  ['RC', 0x20000],
  ['SD', 0x10000],
  ['WD', 0x40000],
  ['WO', 0x80000],
  ['CC', 1],
  ['DC', 2],
  ['LC', 4],
  ['SW', 8],
  ['RP', 16],
  ['WP', 32],
  ['DT', 64],
  ['LO', 128],
  ['CR', 256],
];

const parseRights = (text: string): number => {
  if (/^0x/i.test(text)) return Number.parseInt(text, 16) | 0;
  let mask = 0;
  for (const pair of text.match(/../g) ?? []) {
    const known = rightNames.find(([name]) => name === pair.toUpperCase());
    if (!known) throw new RangeError(`unknown SDDL right ${pair}`);
    mask |= known[1];
  }
  return mask;
};

const formatRights = (mask: number): string =>
  rightNames.find(([, value]) => value === mask)?.[0] ?? `0x${(mask >>> 0).toString(16)}`;

/** An SDDL text as a whole: owner, group, rules, audit rules. */
const form = /^(O:(S-1[-\d]+|[A-Z]{2}))?(G:(S-1[-\d]+|[A-Z]{2}))?(D:[A-Z_]*(\([^)]*\))*)?(S:[A-Z_]*(\([^)]*\))*)?$/;

/**
 * Reads an SDDL text (MS-DTYP 2.5.1); parts that are absent are taken from `fallback`. Rules marked ID are left out: they belong to the parent.
 * @throws RangeError when the text is not SDDL
 */
export const parseSddl = (text: string, fallback: SecurityDescriptor): SecurityDescriptor => {
  const sid = (letters: string): string => {
    const found = parseSddlSid(letters);
    if (!found) throw new RangeError(`unknown SID ${letters}`);
    return found;
  };
  const owner = /O:(S-1[-\d]+|[A-Z]{2})/.exec(text)?.[1];
  const group = /G:(S-1[-\d]+|[A-Z]{2})/.exec(text)?.[1];
  const dacl = /D:([A-Z]*)((?:\([^)]*\))*)/.exec(text);
  if (text.trim() === '' || !form.test(text.replaceAll(/\s/g, ''))) throw new RangeError('not an SDDL text');
  const rules = [...(dacl?.[2] ?? '').matchAll(/\(([^)]*)\)/g)].flatMap((match): AccessRule[] => {
    const [type, flags = '', rights = '', , , who = ''] = (match[1] ?? '').split(';');
    if (type !== 'A' && type !== 'D') throw new RangeError(`unknown access rule ${type}`);
    const list: string[] = flags.match(/../g) ?? [];
    if (list.includes('ID')) return [];
    return [{ allow: type === 'A', flags: list, rights: parseRights(rights), sid: sid(who) }];
  });
  return {
    owner: owner === undefined ? fallback.owner : sid(owner),
    group: group === undefined ? fallback.group : sid(group),
    isProtected: dacl ? (dacl[1] ?? '').startsWith('P') : fallback.isProtected,
    rules: dacl ? rules : fallback.rules,
  };
};

/** What comes from above where nothing is above. */
export const noRules: readonly AccessRule[] = [];

/** Rules a child gets from its parent's effective rules. */
const inheritRules = (parent: readonly AccessRule[], isContainer: boolean): AccessRule[] =>
  parent.flatMap((rule) => {
    const wanted = isContainer ? 'CI' : 'OI';
    const passesOn = isContainer && rule.flags.includes('OI') && !rule.flags.includes('CI');
    if (!rule.flags.includes(wanted) && !passesOn) return [];
    const goesOn = isContainer && !rule.flags.includes('NP');
    const flags: string[] = goesOn ? rule.flags.filter((flag) => flag === 'OI' || flag === 'CI') : [];
    if (passesOn) flags.push('IO');
    return [{ ...rule, flags: [...flags, 'ID'] }];
  });

/** What follows from a descriptor and the rules that come to it from above. */
type Derived = { sddl?: string; forFolders?: readonly AccessRule[]; forFiles?: readonly AccessRule[] };

const derived = new WeakMap<SecurityDescriptor, WeakMap<readonly AccessRule[], Derived>>();

/** Descriptors and lists of rules never change, and most objects share theirs: what follows from them is worked out once. */
const derivedFrom = (security: SecurityDescriptor, inherited: readonly AccessRule[]): Derived => {
  const ofSecurity = derived.get(security) ?? new WeakMap<readonly AccessRule[], Derived>();
  derived.set(security, ofSecurity);
  const known = ofSecurity.get(inherited) ?? {};
  ofSecurity.set(inherited, known);
  return known;
};

/** Rules that a child gets from an object with these own and inherited rules. */
export const passOnRules = (
  security: SecurityDescriptor,
  inherited: readonly AccessRule[],
  isContainer: boolean,
): readonly AccessRule[] => {
  const known = derivedFrom(security, inherited);
  const passOn = (): readonly AccessRule[] =>
    inheritRules(security.isProtected ? security.rules : [...security.rules, ...inherited], isContainer);
  return isContainer ? (known.forFolders ??= passOn()) : (known.forFiles ??= passOn());
};

/** SDDL of an object with its effective rules (own first, then inherited). */
export const formatSddl = (security: SecurityDescriptor, inherited: readonly AccessRule[]): string => {
  const known = derivedFrom(security, inherited);
  known.sddl ??= formatParts(security, inherited, { owner: true, group: true, dacl: true });
  return known.sddl;
};

/** Parts of the SDDL of an object. */
export const formatParts = (
  security: SecurityDescriptor,
  inherited: readonly AccessRule[],
  parts: { owner?: boolean; group?: boolean; dacl?: boolean },
): string => {
  const rules = security.isProtected ? security.rules : [...security.rules, ...inherited];
  const dacl = rules
    .map(({ allow, flags, rights, sid }) => {
      return `(${allow ? 'A' : 'D'};${flags.join('')};${formatRights(rights)};;;${formatSddlSid(sid)})`;
    })
    .join('');
  const control = security.isProtected ? 'PAI' : 'AI';
  return [
    parts.owner ? `O:${formatSddlSid(security.owner)}` : '',
    parts.group ? `G:${formatSddlSid(security.group)}` : '',
    parts.dacl ? `D:${control}${dacl}` : '',
  ].join('');
};
