import { describe, expect, test } from 'vitest';
import { judgeDocument, type RecordedDocument } from '../../../../conformance/clixml/judge-document.ts';
import { readRecordings } from '../../../../conformance/corpus.ts';
import { ownCorpus } from '../../../../conformance/own-corpus.ts';

const documents = [...readRecordings<RecordedDocument>(ownCorpus, 'clixml').values()].flat();

describe('CLIXML written by a real PowerShell', () => {
  test('is all here', () => {
    expect(documents.length).toBeGreaterThanOrEqual(98);
  });

  test.each(documents.map((one) => [one.id, one] as const))(
    '%s is read as PowerShell reads it and written again to the same text',
    (_, document) => {
      expect(judgeDocument(document).differences).toEqual([]);
    },
  );
});
