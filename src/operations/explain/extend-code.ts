import type { CodeKnowledge } from '../../knowledge/code-knowledge.ts';

/** Where Windows setup was when it failed: the second of its two codes. */
export type SetupMoment = {
  /** The extend code as setup writes it. */
  readonly extend: string;
  readonly phase: SetupWord;
  readonly operation: SetupWord;
  /** What to look at for exactly this code. */
  readonly look: { readonly en: string; readonly ja: string } | null;
};

/** A phase or an operation; name and words are null where Microsoft has published none. */
export type SetupWord = {
  readonly number: number;
  readonly name: string | null;
  readonly words: { readonly en: string; readonly ja: string } | null;
};

/** An extend code as setup writes it. */
export const extendText = (extend: number): string => `0x${extend.toString(16).toUpperCase().padStart(5, '0')}`;

/** Phase (bits 16 to 19) and operation (bits 0 to 15) of an extend code ("Windows upgrade error codes", learn.microsoft.com). */
export function readExtendCode(extend: number, knowledge: CodeKnowledge): SetupMoment {
  const word = (number: number, table: CodeKnowledge['phases']): SetupWord => {
    const found = table.get(number);
    return { number, name: found?.name ?? null, words: found === undefined ? null : { en: found.en, ja: found.ja } };
  };
  return {
    extend: extendText(extend),
    phase: word((extend >>> 16) & 0xf, knowledge.phases),
    operation: word(extend & 0xffff, knowledge.operations),
    look: knowledge.extendCodes.get(extend) ?? null,
  };
}

/** Whether a number can be an extend code: five digits whose operation has a name. */
export const isExtendCode = (number: number, knowledge: CodeKnowledge): boolean =>
  number > 0xffff && number <= 0xf_ffff && knowledge.operations.has(number & 0xffff);
