import { describe, expect, test } from 'vitest';
import { judgeDocument, type RecordedDocument } from '../../conformance/clixml/judge-document.ts';
import { readRecordings } from '../../conformance/corpus.ts';
import { judgeScript, type RecordedScript } from '../../conformance/language/judge-script.ts';
import { judgeScripts } from '../../conformance/language/judge-scripts.ts';
import { ownCorpus } from '../../conformance/own-corpus.ts';
import type { RecordedExchange } from '../../conformance/psrp/exchange.ts';
import { judgeExchange } from '../../conformance/psrp/judge-exchange.ts';

const zero = '00000000-0000-0000-0000-000000000000';
const first = <Recording extends { readonly id: string }>(
  kind: 'language' | 'clixml' | 'psrp',
  id: string,
): Recording => [...readRecordings<Recording>(ownCorpus, kind).values()].flat().find((one) => one.id === id)!;

describe('The judge of CLIXML', () => {
  const document = first<RecordedDocument>('clixml', 'objects-001');
  const text = JSON.stringify(document);
  const changed = (from: string, to: string): RecordedDocument =>
    JSON.parse(text.replace(from, to)) as RecordedDocument;

  test('finds nothing in a recording as it is', () => {
    expect(judgeDocument(document).differences).toEqual([]);
  });

  test.each([
    ['a text that PowerShell would not write', changed('<S N=', '<S  N=')],
    ['a value that is another', changed('"v":5', '"v":6')],
    ['a property that is missing', { ...document, roundtrip: { t: 'System.String', v: 'n' } }],
    ['a live value of another type', { ...document, decoded: { t: 'System.String', v: 'n' } }],
    ['a text that is none', changed('<Objs', '<Obj')],
  ])('finds %s', (_, wrong) => {
    expect(judgeDocument(wrong).differences).not.toEqual([]);
  });
});

describe('The judge of scripts', () => {
  const script = first<RecordedScript>('language', 'operators-001');

  test('finds another output, another error and another warning', async () => {
    expect((await judgeScript(script)).differences).toEqual([]);
    const expected = {
      ...script.expect,
      output: [...script.expect.output, { t: 'null' }],
      warnings: ['w'],
      terminated: true,
    };
    const { differences } = await judgeScript({ ...script, expect: expected });
    expect(differences.map((text) => /^\w+/.exec(text)?.[0])).toEqual(['output', 'warnings', 'terminated']);
  });

  test('gives a script up that does not end, and goes on', async () => {
    // Calls are slow against other steps: the lab's own limit of steps is far beyond the judge's.
    const endless = { ...script, id: 'endless', script: 'function f { }; while ($true) { f }' };
    const verdicts = [];
    for await (const verdict of judgeScripts([endless, script], 3000)) verdicts.push(verdict);
    expect(verdicts).toEqual([
      { id: 'endless', differences: ['did not end within 3 s'] },
      { id: script.id, differences: [] },
    ]);
  });
});

describe('The judge of exchanges', () => {
  const exchange = first<RecordedExchange>('psrp', 'pipeline-input');
  type Recorded = RecordedExchange['client'][number];
  const hasMessage =
    (type: string) =>
    (packet: Recorded): boolean =>
      packet.messages?.some(({ messageType }) => messageType === type) ?? false;
  const without = (side: 'client' | 'server', type: string): RecordedExchange => ({
    ...exchange,
    [side]: exchange[side].filter((packet) => !hasMessage(type)(packet)),
  });
  /** The exchange with another payload in the packet that ends a message of this type. */
  const withBytes = (type: string, change: (bytes: Buffer) => Buffer): RecordedExchange => ({
    ...exchange,
    server: exchange.server.map((packet) => {
      if (!hasMessage(type)(packet)) return packet;
      const line = Buffer.from(packet.base64, 'base64').toString();
      const base64 = />([^<]*)</.exec(line)?.[1] ?? '';
      const replaced = line.replace(base64, change(Buffer.from(base64, 'base64')).toString('base64'));
      return { ...packet, base64: Buffer.from(replaced).toString('base64') };
    }),
  });
  const line = (text: string): Recorded => ({ order: 0, base64: Buffer.from(text).toString('base64') });
  const data = (bytes: string): string => `<Data Stream='Default' PSGuid='${zero}'>${btoa(bytes)}</Data>\n`;

  test('finds nothing in a recording as it is', () => {
    expect(judgeExchange(exchange).differences).toEqual([]);
  });

  test.each([
    ['an opening that is missing', without('server', 'SESSION_CAPABILITY')],
    ['a pipeline that nobody created', without('client', 'CREATE_PIPELINE')],
    [
      'another state',
      withBytes('PIPELINE_STATE', (bytes) => Buffer.from(bytes.toString('latin1').replace('>4<', '>5<'), 'latin1')),
    ],
    [
      'another value',
      withBytes('PIPELINE_OUTPUT', (bytes) => Buffer.from(bytes.toString('latin1').replace('item', 'mite'), 'latin1')),
    ],
    [
      'a form of text that PowerShell does not write',
      withBytes('PIPELINE_STATE', (bytes) => Buffer.from(bytes.toString('latin1').replace('"0"', "'0'"), 'latin1')),
    ],
    ['a fragment that is cut off', withBytes('PIPELINE_OUTPUT', (bytes) => bytes.subarray(0, -1))],
    ['a message of another type', withBytes('PIPELINE_OUTPUT', (bytes) => Buffer.from(bytes).fill(5, 25, 26))],
  ])('finds %s', (_, wrong) => {
    expect(judgeExchange(wrong).differences).not.toEqual([]);
  });

  test.each([
    ['no packet', 'hello\n'],
    ['another element', `<Bogus PSGuid='${zero}' />\n`],
    ['no base64', `<Data Stream='Default' PSGuid='${zero}'>!!!!</Data>\n`],
    ['no fragments', data('these are no fragments at all')],
  ])('takes a packet that is %s for malformed where PowerShell fell silent, and not where it answered', (_, text) => {
    expect(judgeExchange({ id: 'x', client: [line(text)], server: [] }).differences).toEqual([]);
    const client = [{ ...line(text), order: -1 }, ...exchange.client];
    expect(judgeExchange({ ...exchange, client }).differences[0]).toContain('packet -1');
  });

  test('misses a refusal where PowerShell said nothing at all', () => {
    const { client } = exchange;
    expect(judgeExchange({ id: 'x', client, server: [] }).differences[0]).toContain('said nothing at all');
  });
});
