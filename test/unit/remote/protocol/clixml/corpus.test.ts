import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseClixml, parseClixmlDocument } from '../../../../../src/remote/protocol/clixml/parse-clixml.ts';
import type { PsValue } from '../../../../../src/remote/protocol/clixml/values.ts';
import { writeClixml, writeClixmlDocument } from '../../../../../src/remote/protocol/clixml/write-clixml.ts';
import { encodeDeserialized, encodeLive } from './corpus-encoding.ts';

type Case = { id: string; script: string; clixml: string; decoded: unknown; roundtrip: unknown };
const folder = new URL('../../../../fixtures/corpus/clixml/', import.meta.url);
const cases: Case[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Case[]);

/** Live values that their CLIXML does not hold: an XML element's own text. */
const notInTheText: ReadonlySet<string> = new Set(['primitive-064']);

describe('CLIXML written by a real PowerShell', () => {
  test('is all here', () => {
    expect(cases.length).toBeGreaterThanOrEqual(98);
  });

  test.each(cases.map((one) => [one.id, one] as const))('%s is written again to the same text', (_, { clixml }) => {
    const values = parseClixmlDocument(clixml).map((entry) => entry.value);
    expect(writeClixmlDocument(values)).toBe(clixml);
  });

  test.each(cases.map((one) => [one.id, one] as const))(
    '%s gives the values that PowerShell reads from it',
    (_, { clixml, roundtrip }) => {
      expect(encodeDeserialized(parseClixml(clixml))).toEqual(roundtrip);
    },
  );

  test.each(cases.filter(({ id }) => !notInTheText.has(id)).map((one) => [one.id, one] as const))(
    '%s tells the types of the value that was written',
    (_, { clixml, decoded }) => {
      expect(encodeLive(parseClixml(clixml))).toEqual(decoded);
    },
  );

  test.each(cases.map((one) => [one.id, one] as const))('%s survives the form of messages', (_, { clixml }) => {
    const value: PsValue = parseClixml(clixml);
    expect(writeClixmlDocument([parseClixml(writeClixml(value))])).toBe(clixml);
  });
});
