import { parseSddlSid, sidOfName } from '../accounts.ts';
import type { Machine } from '../machine/machine.ts';
import type { AccessRule, SecurityDescriptor } from '../machine/rights/security-descriptor.ts';

/** What one option of icacls makes of the rules of an object, given what it inherits. */
export type AccessEdit = (security: SecurityDescriptor, inherited: readonly AccessRule[]) => SecurityDescriptor;

/** Rights that icacls has a letter for, in the order in which it looks for one to show. */
export const simpleRights: Readonly<Record<string, number>> = {
  F: 0x1f01ff,
  M: 0x1301bf,
  RX: 0x1200a9,
  R: 0x120089,
  W: 0x100116,
  D: 0x110000,
};

/** Rights that it names one by one, in parentheses and with commas between them. */
const specificRights: Readonly<Record<string, number>> = {
  DE: 0x10000,
  RC: 0x20000,
  WDAC: 0x40000,
  WO: 0x80000,
  S: 0x100000,
  GR: 0x80000000 | 0,
  GW: 0x40000000,
  GE: 0x20000000,
  GA: 0x10000000,
  RD: 0x1,
  WD: 0x2,
  AD: 0x4,
  REA: 0x8,
  WEA: 0x10,
  X: 0x20,
  DC: 0x40,
  RA: 0x80,
  WA: 0x100,
};

const sidOf = (text: string, machine: Machine): string | undefined =>
  text.startsWith('*') ? parseSddlSid(text.slice(1)) : sidOfName(text, machine.accounts);

const maskOf = (letters: string): number | undefined => {
  let mask = 0;
  for (const letter of letters.toUpperCase().split(',')) {
    const right = simpleRights[letter] ?? specificRights[letter];
    if (right === undefined) return undefined;
    mask |= right;
  }
  return mask;
};

/** `*S-1-5-18:(OI)(CI)F` as a rule; `undefined` when it is none. */
const readGrant = (text: string, machine: Machine, allow: boolean): AccessRule | undefined => {
  const found = /^(.+?):((?:\((?:OI|CI|IO|NP|I)\))*)(?:\(([A-Z,]+)\)|([A-Z]+))$/i.exec(text);
  const sid = sidOf(found?.[1] ?? '', machine);
  const mask = maskOf(found?.[3] ?? found?.[4] ?? '');
  if (sid === undefined || mask === undefined) return undefined;
  const flags = [...(found?.[2] ?? '').matchAll(/\(([A-Z]{1,2})\)/gi)].map((match) => (match[1] ?? '').toUpperCase());
  return { allow, sid, rights: mask, flags };
};

const isAlike = (a: AccessRule, b: AccessRule): boolean =>
  a.sid === b.sid && a.allow === b.allow && a.flags.join() === b.flags.join();

/** Adds a rule; one for the same account with the same flags takes its rights up. Refusals stand first. */
const add = (rules: readonly AccessRule[], rule: AccessRule): readonly AccessRule[] => {
  const at = rules.findIndex((other) => isAlike(other, rule));
  if (at >= 0)
    return rules.map((other, index) => (index === at ? { ...other, rights: other.rights | rule.rights } : other));
  return rule.allow ? [...rules, rule] : [rule, ...rules];
};

const grant =
  (rule: AccessRule, replaces: boolean): AccessEdit =>
  (security) => {
    const kept = replaces ? security.rules.filter(({ sid, allow }) => sid !== rule.sid || !allow) : security.rules;
    return { ...security, rules: add(kept, rule) };
  };

/** A refusal also takes the same rights out of what was granted. */
const deny =
  (rule: AccessRule): AccessEdit =>
  (security) => {
    const kept = security.rules.flatMap((other) => {
      if (other.sid !== rule.sid || !other.allow) return [other];
      const rights = other.rights & ~rule.rights;
      return rights === 0 ? [] : [{ ...other, rights }];
    });
    return { ...security, rules: add(kept, rule) };
  };

/** `/remove` takes all rules of an account, `:g` those that grant, `:d` those that refuse. */
const remove =
  (sid: string, kind: string): AccessEdit =>
  (security) => ({
    ...security,
    rules: security.rules.filter(
      (rule) => rule.sid !== sid || (kind === 'g' && !rule.allow) || (kind === 'd' && rule.allow),
    ),
  });

const inheritance: Readonly<Record<string, AccessEdit>> = {
  e: (security) => ({ ...security, isProtected: false }),
  r: (security) => ({ ...security, isProtected: true }),
  d: (security, inherited) =>
    security.isProtected
      ? security
      : {
          ...security,
          isProtected: true,
          rules: [
            ...security.rules,
            ...inherited.map((rule) => ({ ...rule, flags: rule.flags.filter((one) => one !== 'ID') })),
          ],
        },
};

const reset: AccessEdit = (security) => ({ ...security, isProtected: false, rules: [] });

const switches = ['/t', '/c', '/q', '/l'];

/**
 * Reads the options of icacls that change rules, in their order.
 * @returns the edits, or the argument that is not valid
 */
export const readAccessEdits = (
  options: readonly string[],
  machine: Machine,
): AccessEdit[] | { readonly wrong: string } => {
  const edits: AccessEdit[] = [];
  let verb = '';
  let flag = '';
  for (const arg of options) {
    if (arg.startsWith('/')) {
      const [word = '', after = ''] = arg.toLowerCase().split(':');
      const edit = word === '/inheritance' ? inheritance[after] : word === '/reset' ? reset : undefined;
      const takesNames = ['/grant', '/deny', '/remove', '/setowner'].includes(word);
      if (!edit && !takesNames && !switches.includes(word)) return { wrong: arg };
      if (edit) edits.push(edit);
      if (!switches.includes(word)) [verb, flag] = [word, after];
      continue;
    }
    const sid = sidOf(arg, machine);
    const rule = readGrant(arg, machine, verb !== '/deny');
    if (verb === '/setowner' && sid !== undefined) edits.push((security) => ({ ...security, owner: sid }));
    else if (verb === '/remove' && sid !== undefined) edits.push(remove(sid, flag));
    else if (verb === '/grant' && rule) edits.push(grant(rule, flag === 'r'));
    else if (verb === '/deny' && rule) edits.push(deny(rule));
    else return { wrong: arg };
  }
  return edits;
};
