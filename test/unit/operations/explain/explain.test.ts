import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { explainStream, explainText } from '../../../../src/operations/explain/explain.ts';
import type { ExplainedCode } from '../../../../src/operations/explain/explanation.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`../../../fixtures/explain/${name}`, import.meta.url));
const explainLog = (name: string) => explainStream([fixture(name)], { kind: 'file', name });
const namesOf = (codes: readonly ExplainedCode[]) =>
  codes.map(({ code, setup }) => [code, setup?.extend].filter((each) => typeof each === 'string').join('-'));

describe('a text', () => {
  test.each([
    '0x80070002',
    '-2147024894',
    '2147942402',
    '80070002',
    'hr 0x80070002',
    'status_wait_2',
    '2',
    'エラーコード 3: 0x80070002 -- system level',
    '0xC0000034',
  ])('%s is ERROR_FILE_NOT_FOUND', (text) => {
    expect(explainText(text).codes).toMatchObject([{ code: '0x80070002', name: 'ERROR_FILE_NOT_FOUND', known: true }]);
  });

  test('causes and playbooks follow what the text is about', () => {
    const shipped = { playbookOf: (name: string) => name };
    const chrome = explainText('エラーコード 3: 0x80070002 -- system level', shipped);
    expect(chrome.areas.map(({ name }) => name)).toEqual(['chrome']);
    expect(chrome.codes[0]?.causes.map(({ en }) => en)).toEqual(['updater executable deleted']);
    expect(chrome.codes[0]?.playbooks).toEqual(['chrome-updater-repair']);
    const bare = explainText('0x80070002', shipped);
    expect(bare.codes[0]?.causes).toHaveLength(5);
    expect(bare.codes[0]?.causes[0]?.en).toBe('update cache out of step with its database');
    expect(bare.codes[0]?.playbooks).toHaveLength(8);
    const setup = explainText('0x80070002-0x20007', shipped);
    expect(setup.codes[0]).toMatchObject({
      setup: { extend: '0x20007', phase: { name: 'SAFE_OS' }, operation: { name: 'INSTALL_DRIVERS' } },
      playbooks: ['setup-feature-update'],
    });
  });

  test('what is asked is asked until the text has answered it; who called is asked always', () => {
    expect(explainText('0x80070002').codes[0]?.ask?.en).toMatch(/^Which operation/);
    expect(explainText('Outlook: 0x80070002').codes[0]?.ask).toBeNull();
    expect(explainText('Windows Update 0x80070005').codes[0]?.ask?.en).toMatch(/^Who called/);
  });

  test('no playbook is named where nobody tells which are shipped', () => {
    expect(explainText('0x80070002').codes[0]?.playbooks).toEqual([]);
  });

  test('an unknown code is taken apart and said to be unknown', () => {
    expect(explainText('0x8A15FF3C').codes).toMatchObject([
      { code: '0x8A15FF3C', name: null, known: false, causes: [], parts: { facility: { number: 0x215, name: null } } },
    ]);
  });

  test('an extend code is explained by itself', () => {
    expect(explainText('0x4000D').codes).toMatchObject([
      {
        code: null,
        known: true,
        parts: null,
        setup: { phase: { name: 'OOBE_BOOT' }, operation: { name: 'MIGRATE_DATA' } },
      },
    ]);
  });

  test('P5 and P6 of an event of Windows setup belong together, lines that lie apart do not', () => {
    expect(namesOf(explainText('P4: 1\nP5: 0xC1900101\nP6: 0x20017').codes)).toEqual(['0xC1900101-0x20017']);
    expect(namesOf(explainText('P5: 0xC1900101\n\n\n\nP6: 0x20017').codes)).toEqual(['0x20017', '0xC1900101']);
  });

  test('without a code there is none', () => {
    expect(explainText('nothing is wrong\nat all')).toMatchObject({ codes: [], source: { lines: 2 } });
  });
});

describe('a log', () => {
  test.each([
    ['CBS.log', 'cbs', 'wu', ['0x80070002', '0x800F0831']],
    ['dism.log', 'dism', 'wu', ['0x800F081F']],
    ['setuperr.log', 'setup', 'setup', ['0x80070002-0x20007', '0x80070002']],
    ['setuperr-ja.cp932.log', 'setup', 'setup', ['0x80070002', '0x80070005']],
    ['WindowsUpdate.log', 'windows-update', 'wu', ['0x80072EE2', '0x80240022']],
    ['events.xml', 'event-xml', 'wu', ['0x80070002', '0x80070005']],
  ])('%s', async (name, kind, area, codes) => {
    const explanation = await explainLog(name);
    expect(explanation.source).toMatchObject({ kind: 'file', name, log: kind });
    expect(explanation.areas[0]?.name).toBe(area);
    expect(namesOf(explanation.codes)).toEqual(codes);
  });

  test('first and last sighting have their line and time, and the lowest layer is told', async () => {
    const { codes } = await explainLog('CBS.log');
    expect(codes[0]?.seen).toMatchObject({
      count: 3,
      component: 'CSI',
      first: { line: 3, time: '2026-11-28 09:12:33' },
      last: { line: 5, time: '2026-11-28 09:12:34', text: expect.stringContaining('Failed to perform operation') },
      lines: [{ line: 3 }, { line: 4 }, { line: 5 }],
    });
  });

  test('the time of an event is that of its own, though all events are one line', async () => {
    const { codes } = await explainLog('events.xml');
    expect(codes.map(({ seen }) => [seen.first.line, seen.first.time])).toEqual([
      [1, '2026-11-28T00:12:33.1234567Z'],
      [1, '2026-11-28T00:13:00.0000000Z'],
    ]);
  });

  test('a line that goes on an entry has the time of the entry', () => {
    const text =
      '2026-11-28 09:12:33, Error                 CBS    Failed\n    [HRESULT = 0x800f0922 - CBS_E_INSTALLERS_FAILED]';
    expect(explainText(text).codes[0]?.seen.first).toMatchObject({ line: 2, time: '2026-11-28 09:12:33' });
  });

  test('the inner code comes before the outer one, the lower layer before the upper, the known before the unknown', () => {
    const line = (component: string, text: string) => `2026/11/28 09:15:04.2234567 1048  4048  ${component}  ${text}`;
    const text = [
      line('ComApi', '*FAILED* [8024200B] install'),
      line('Agent', '*FAILED* [80240438] search'),
      line('Agent', '*FAILED* [80240438] search'),
      line('Handler', 'hr = 0x800704C7'),
      line('Handler', '*FAILED* [80070643] msi'),
      line('Handler', '*FAILED* [800F0922] cbs'),
      line('Agent', 'hr = 0x00240005'),
    ].join('\n');
    expect(namesOf(explainText(text).codes)).toEqual([
      '0x800F0922',
      '0x80240438',
      '0x800704C7',
      '0x80070643',
      '0x8024200B',
      '0x00240005',
    ]);
  });
});

test('a log of 40 MB that comes in one buffer, written over again and again, is counted whole; what is kept does not grow', async () => {
  const buffer = Buffer.alloc(65_536);
  const turns = 640;
  let out = 0;
  let mostOut = 0;
  const errorLine = (turn: number) =>
    `2026-11-28 10:00:00, Error                 CSI    ${String(turn).padStart(4)} [HRESULT = 0x80070002 - ERROR_FILE_NOT_FOUND] ${turn}\r\n`;
  // Every piece ends in the middle of the line that tells the error, which the next one ends.
  const cut = 60;
  function* chunks() {
    for (let turn = 0; turn <= turns; turn++) {
      out += 1;
      mostOut = Math.max(mostOut, out);
      const ended = turn === 0 ? '' : errorLine(turn - 1).slice(cut);
      const filler = '2026-11-28 09:00:00, Info                  CBS    Appl: evaluating package\r\n'.repeat(800);
      buffer.write(ended + filler);
      buffer.write(`\r\n${errorLine(turn).slice(0, cut)}`, buffer.length - cut - 2);
      yield turn === turns ? buffer.subarray(0, ended.length) : buffer;
      // The consumer asks for the next piece: it is done with this one.
      out -= 1;
    }
  }
  const explanation = await explainStream(chunks(), { kind: 'stdin', name: null });
  expect(mostOut).toBe(1);
  expect(explanation.codes).toHaveLength(1);
  const [only] = explanation.codes;
  expect(only?.seen.count).toBe(turns);
  // The beginning and the end of each line came in different pieces.
  expect(only?.seen.lines.map(({ text }) => / (\d+) \[.* (\d+)$/.exec(text)?.slice(1))).toEqual([
    ['0', '0'],
    ['1', '1'],
    ['639', '639'],
  ]);
  expect(JSON.stringify(explanation).length).toBeLessThan(8000);
});

test('codes without end are counted, but not held apart', () => {
  const text = Array.from(
    { length: 700 },
    (_, index) => `0x800704${(index + 0x8000).toString(16).slice(-2)} 0x8007${(0x3000 + index).toString(16)}`,
  );
  const explanation = explainText(text.join('\n'));
  expect(explanation.codes).toHaveLength(500);
  expect(explanation.more).toBeGreaterThan(100);
});

test('what is printed as JSON is as its schema says', async () => {
  const schema: unknown = JSON.parse(
    readFileSync(new URL('../../../../schemas/explanation.schema.json', import.meta.url), 'utf8'),
  );
  if (typeof schema !== 'object' || schema === null) throw new Error('no schema');
  const validate = new Ajv2020({ allowUnionTypes: true }).compile(schema);
  const all = [
    explainText('0x8A15FF3C'),
    explainText('0x4000D'),
    explainText('0xD0000034'),
    explainText('0x803F8001'),
    explainText('nothing'),
    await explainLog('setuperr.log'),
    await explainLog('events.xml'),
  ];
  for (const each of all) {
    validate(each);
    expect(validate.errors).toBeNull();
  }
  expect(validate({ ...all[0], codes: [{}] })).toBe(false);
});
