import type { EnumDefinition } from './type-definition.ts';

/** Text of an enum value: its name, the names of its flags, or the number. */
export const enumText = (type: EnumDefinition, value: number): string => {
  const entries = Object.entries(type.values);
  const exact = entries.find(([, number]) => number === value);
  if (exact) return exact[0];
  if (!type.flags) return String(value);
  const names: string[] = [];
  let rest = BigInt.asUintN(32, BigInt(value));
  for (const [name, number] of entries.toSorted((a, b) => b[1] - a[1])) {
    const bits = BigInt.asUintN(32, BigInt(number));
    if (bits === 0n || (rest & bits) !== bits) continue;
    names.unshift(name);
    rest &= ~bits;
  }
  return rest === 0n && names.length > 0 ? names.join(', ') : String(value);
};

/** The number that a text means in an enum; undefined if none. Unique beginnings of names are taken as PowerShell takes them. */
export const parseEnum = (type: EnumDefinition, text: string): number | undefined => {
  let result = 0;
  const parts = text.split(',').map((part) => part.trim());
  for (const part of parts) {
    const lower = part.toLowerCase();
    const entries = Object.entries(type.values);
    const exact = entries.find(([name]) => name.toLowerCase() === lower);
    const starts = exact ? [] : entries.filter(([name]) => lower !== '' && name.toLowerCase().startsWith(lower));
    const number =
      exact?.[1] ?? (starts.length === 1 ? starts[0]?.[1] : /^-?\d+$/.test(part) ? Number(part) : undefined);
    if (number === undefined) return undefined;
    result = parts.length === 1 ? number : result | number;
  }
  return result;
};
