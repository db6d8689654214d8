import type { PsInput } from '../../src/remote/powershell/remote-shell.ts';
import { parseClixml } from '../../src/remote/protocol/clixml/parse-clixml.ts';

/**
 * A value of a call just as its CLIXML says, also what our own client never sends. Ours makes CLIXML of plain values and passes those of its
 * model through as it does dates, so this one poses as a date.
 */
export const raw = (xml: string): PsInput => Object.setPrototypeOf(parseClixml(xml), Date.prototype) as Date;

let lastRef = 1000;
const obj = (inner: string): string => `<Obj RefId="${lastRef++}">${inner}</Obj>`;
const named = (xml: string, name: string): string => xml.replace(/^<(\w+)/, `<$1 N="${name}"`);
const notes = (members: Readonly<Record<string, string>>): string =>
  Object.keys(members).length === 0
    ? ''
    : `<MS>${Object.entries(members)
        .map(([name, xml]) => named(xml, name))
        .join('')}</MS>`;

/** CLIXML of plain values, and of what they can be made to carry. */
export const xml = {
  text: (text: string): string => `<S>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</S>`,
  whole: (value: number): string => `<I32>${value}</I32>`,
  on: '<B>true</B>',
  /** A value that shows another text than it is, and has properties of its own. */
  posing: (value: string, shown: string, members: Readonly<Record<string, string>> = {}): string =>
    obj(`${value}<ToString>${shown}</ToString>${notes(members)}`),
  list: (items: readonly string[], members: Readonly<Record<string, string>> = {}): string =>
    obj(
      `<TN RefId="${lastRef++}"><T>System.Object[]</T><T>System.Array</T></TN><LST>${items.join('')}</LST>${notes(members)}`,
    ),
  table: (
    entries: readonly (readonly [key: string, value: string])[],
    members: Readonly<Record<string, string>> = {},
    type = 'System.Collections.Hashtable',
  ): string =>
    obj(
      `<TN RefId="${lastRef++}"><T>${type}</T></TN><DCT>${entries
        .map(
          ([key, value]) =>
            `<En>${named(key.startsWith('<') ? key : `<S>${key}</S>`, 'Key')}${named(value, 'Value')}</En>`,
        )
        .join('')}</DCT>${notes(members)}`,
    ),
  /** A table that is named again on each of its levels: few bytes that stand for many values. */
  again: (levels: number, times: number): string => {
    const ref = (id: number) => `<Ref RefId="${id}"/>`;
    let made = obj('<LST><I32>1</I32></LST>');
    let id = lastRef - 1;
    for (let level = 0; level < levels; level++) {
      const inner = made + ref(id).repeat(times - 1);
      made = obj(`<LST>${inner}</LST>`);
      id = lastRef - 1;
    }
    return made;
  },
  /** A list that holds itself. */
  cyclic: (): string => `<Obj RefId="${lastRef}"><LST><Ref RefId="${lastRef++}"/></LST></Obj>`,
} as const;
