import type { ClixmlEntry, ParseOptions } from './parse-options.ts';
import { Reader } from './reader.ts';
import { Scanner } from './scanner.ts';
import type { PsValue } from './values.ts';

const noOptions: ParseOptions = {};

/**
 * Reads the CLIXML of one value: a bare element, as in PSRP messages, or a document with one entry. Empty text is null
 * (MS-PSRP 2.2.5).
 * @throws Failure `protocol-error` naming the character where the text is no CLIXML, or if there are several values
 */
export function parseClixml(text: string, options: ParseOptions = noOptions): PsValue {
  return new Reader(scan(text), options).only();
}

/**
 * Reads every value of a CLIXML text: `<Objs>` document (with or without the line `#< CLIXML`), bare elements, or nothing.
 * References may cross from one entry to the next.
 * @throws Failure `protocol-error` naming the character where the text is no CLIXML
 */
export function parseClixmlDocument(text: string, options: ParseOptions = noOptions): ClixmlEntry[] {
  return new Reader(scan(text), options).entries();
}

/** Begins behind a byte order mark and the line that says what follows. */
function scan(text: string): Scanner {
  const mark = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  return new Scanner(text, text.startsWith('#< CLIXML', mark) ? mark + 9 : mark);
}
