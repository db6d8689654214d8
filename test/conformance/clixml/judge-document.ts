import { parseClixml, parseClixmlDocument } from '../../../src/remote/protocol/clixml/parse-clixml.ts';
import { writeClixml, writeClixmlDocument } from '../../../src/remote/protocol/clixml/write-clixml.ts';
import type { Verdict } from '../corpus.ts';
import { Differences } from '../differences.ts';
import { encodeDeserialized } from './encode-deserialized.ts';
import { encodeLive } from './encode-live.ts';
import { toNormalForm } from './normal-form.ts';

/** A value that PowerShell wrote, and what it read back. */
export type RecordedDocument = {
  readonly id: string;
  readonly clixml: string;
  readonly decoded: unknown;
  readonly roundtrip: unknown;
};

/**
 * Whether the encoding of the live value holds what its CLIXML does not: the text of nodes of XML, of which only the names are written
 * unless they are whole documents.
 */
const isBeyondText = (encoding: unknown): boolean =>
  /"t":"System\.Xml\.Xml(?!Document")/.test(JSON.stringify(encoding));

/**
 * Judges a document: its values are written again to the same text, in the form of messages too; they are what PowerShell's own reader
 * makes of the text; and they tell the types of the live value.
 */
export function judgeDocument({ id, clixml, decoded, roundtrip }: RecordedDocument): Verdict {
  const differences = new Differences();
  const values = differences.try('reading', () => parseClixmlDocument(clixml).map(({ value }) => value));
  if (values === undefined) return { id, differences: differences.found };
  differences.try('writing', () => differences.same('text', writeClixmlDocument(values), clixml));
  differences.try('the form of messages', () => {
    const sent = values.map((value) => parseClixml(writeClixml(value)));
    differences.same('text after the form of messages', writeClixmlDocument(sent), clixml);
  });
  const value = values[0] ?? null;
  differences.try('the value read', () =>
    differences.same('value', toNormalForm(encodeDeserialized(value)), toNormalForm(roundtrip)),
  );
  if (!isBeyondText(decoded))
    differences.try('the live value', () =>
      differences.same('live value', toNormalForm(encodeLive(value)), toNormalForm(decoded)),
    );
  return { id, differences: differences.found };
}
