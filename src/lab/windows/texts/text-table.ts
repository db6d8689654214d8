/** Texts by group: what is said in English, with `{0}` for what differs, and in another language. */
export type TextTable = Readonly<Record<string, readonly (readonly [english: string, other: string])[]>>;

/** Puts a text into another language; `undefined` where the table has no row for it. */
export type Translate = (text: string, groups: readonly string[]) => string | undefined;

type Row = { readonly pattern: RegExp; readonly order: readonly number[]; readonly other: string };

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const toRow = ([english, other]: readonly [string, string]): Row => {
  const parts = english.split(/\{(\d)\}/);
  const order = parts.filter((_part, index) => index % 2 === 1).map(Number);
  const pattern = parts.map((part, index) => (index % 2 === 1 ? '(.*)' : escapePattern(part))).join('');
  return { pattern: new RegExp(`^${pattern}$`, 's'), order, other };
};

/** Makes the look-up of a table. Rows without a place for what differs are found by their text, the others one by one. */
export const makeTranslate = (table: TextTable): Translate => {
  const exact = new Map<string, string>();
  const rows = new Map<string, Row[]>();
  for (const [group, pairs] of Object.entries(table))
    for (const pair of pairs) {
      if (!pair[0].includes('{0}')) exact.set(`${group}\n${pair[0]}`, pair[1]);
      else rows.set(group, [...(rows.get(group) ?? []), toRow(pair)]);
    }
  const translate: Translate = (text, groups) => {
    const end = /\s*$/.exec(text)?.[0] ?? '';
    const body = end === '' ? text : text.slice(0, -end.length);
    for (const group of groups) {
      const known = exact.get(`${group}\n${body}`);
      if (known !== undefined) return known + end;
      for (const { pattern, order, other } of rows.get(group) ?? []) {
        const found = pattern.exec(body);
        if (!found) continue;
        const values = order.map((_place, index) => found[index + 1] ?? '');
        return (
          other.replace(/\{(\d)\}/g, (_all, place: string) => {
            const value = values[order.indexOf(Number(place))] ?? '';
            return translate(value, groups) ?? value;
          }) + end
        );
      }
    }
    return undefined;
  };
  return translate;
};
