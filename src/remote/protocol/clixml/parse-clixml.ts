import { Failure } from '../../../kernel/failure.ts';
import { type ClixmlEntry, type ParseOptions, Reader } from './reader.ts';
import { Scanner } from './scanner.ts';
import type { PsValue } from './values.ts';

/**
 * Reads the CLIXML of one value: a bare element, as in PSRP messages, or a document with one entry. Empty text is null
 * (MS-PSRP 2.2.5).
 * @throws Failure `protocol-error` naming the character where the text is no CLIXML, or if there are several values
 */
export function parseClixml(text: string, options: ParseOptions = {}): PsValue {
  const [first, ...rest] = parseClixmlDocument(text, options);
  if (rest.length > 0)
    throw new Failure('protocol-error', `CLIXML: expected one value, found ${rest.length + 1}; read it as a document`);
  return first?.value ?? null;
}

/**
 * Reads every value of a CLIXML text: `<Objs>` document (with or without the line `#< CLIXML`), bare elements, or nothing.
 * References may cross from one entry to the next.
 * @throws Failure `protocol-error` naming the character where the text is no CLIXML
 */
export function parseClixmlDocument(text: string, options: ParseOptions = {}): ClixmlEntry[] {
  const mark = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const head = text.startsWith('#< CLIXML', mark) ? mark + 9 : mark;
  return new Reader(new Scanner(text, head), options).entries();
}
