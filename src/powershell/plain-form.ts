/** Characters that PowerShell takes for another: quotes and dashes as text programs set them, and a carriage return alone for a line end. */
const plainOf: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201A': "'",
  '\u201B': "'",
  '\u201C': '"',
  '\u201D': '"',
  '\u201E': '"',
  '\u2013': '-',
  '\u2014': '-',
  '\u2015': '-',
  '\r': '\n',
};

/** A script as the rules read it: of the same length, so that every offset is one of the written script too. */
export const plainForm = (written: string): string =>
  written.replace(/[\u2013-\u2015\u2018-\u201E]|\r(?!\n)/g, (c) => plainOf[c] ?? c);
