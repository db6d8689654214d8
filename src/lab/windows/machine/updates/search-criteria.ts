/** What of an update search criteria ask for; names in lower case. Texts are compared without case. */
export type UpdateFacts = Readonly<Record<string, string | number>>;

/** A criteria text as a test of updates. */
export type Criteria = (facts: UpdateFacts) => boolean;

/** The text is not in the language of IUpdateSearcher::Search (WU_E_INVALID_CRITERIA). */
export class InvalidCriteria extends Error {}

const texts = new Set(['type', 'deploymentaction', 'updateid', 'categoryids']);
const numbers = new Set([
  'isassigned',
  'autoselectonwebsites',
  'browseonly',
  'revisionnumber',
  'isinstalled',
  'ishidden',
  'ispresent',
  'rebootrequired',
]);

type Part = { readonly test: Criteria; readonly hasOr: boolean };

const readTokens = (text: string): string[] => {
  const tokens = text.match(/'[^']*'|!=|[()=]|[^\s()=!']+/g) ?? [];
  const left = tokens.reduce((rest, token) => rest.replace(token, ''), text);
  if (left.trim() !== '') throw new InvalidCriteria(text);
  return tokens;
};

/**
 * Reads criteria (MS-UAMG 3.38.4.11): `name=value` joined by AND, groups of those joined by OR at the top only.
 * @param outside called with the name of a property that the lab knows nothing of
 * @throws InvalidCriteria
 */
export const readCriteria = (text: string, outside: (name: string) => never): Criteria => {
  const tokens = readTokens(text);
  let at = 0;
  const next = (): string => {
    const token = tokens[at++];
    if (token === undefined) throw new InvalidCriteria(text);
    return token;
  };
  const isNext = (word: string): boolean => tokens[at]?.toLowerCase() === word;

  const criterion = (): Part => {
    const name = next().toLowerCase();
    const operator = next().toLowerCase();
    const value = next();
    const isText = texts.has(name);
    if (!isText && !numbers.has(name)) throw new InvalidCriteria(text);
    if (name === 'categoryids') return operator === 'contains' ? outside('CategoryIDs') : invalid();
    // With the agent of Windows the unequal sign goes with the type only.
    if (operator !== '=' && !(operator === '!=' && name === 'type')) throw new InvalidCriteria(text);
    if (isText && value === '*') return { test: () => true, hasOr: false };
    const wanted = isText
      ? /^'(.*)'$/s.exec(value)?.[1]?.toLowerCase()
      : /^-?\d+$/.test(value)
        ? Number(value)
        : undefined;
    if (wanted === undefined) throw new InvalidCriteria(text);
    const isEqual = (facts: UpdateFacts): boolean => {
      const is = facts[name];
      return (typeof is === 'string' ? is.toLowerCase() : is) === wanted;
    };
    return { test: operator === '=' ? isEqual : (facts) => !isEqual(facts), hasOr: false };
  };
  const invalid = (): never => {
    throw new InvalidCriteria(text);
  };
  const factor = (): Part => {
    if (!isNext('(')) return criterion();
    at++;
    const inside = any();
    if (next() !== ')') throw new InvalidCriteria(text);
    return inside;
  };
  const all = (): Part => {
    const parts = [factor()];
    while (isNext('and')) {
      at++;
      parts.push(factor());
    }
    if (parts.length > 1 && parts.some(({ hasOr }) => hasOr)) throw new InvalidCriteria(text);
    return { test: (facts) => parts.every(({ test }) => test(facts)), hasOr: parts.some(({ hasOr }) => hasOr) };
  };
  const any = (): Part => {
    const parts = [all()];
    while (isNext('or')) {
      at++;
      parts.push(all());
    }
    return {
      test: (facts) => parts.some(({ test }) => test(facts)),
      hasOr: parts.length > 1 || parts.some(({ hasOr }) => hasOr),
    };
  };
  const { test } = any();
  if (at < tokens.length) throw new InvalidCriteria(text);
  return test;
};
