import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeKnowledge } from '../../../../src/knowledge/code-knowledge.ts';
import { findCodes, readWholeCode } from '../../../../src/operations/explain/find-codes.ts';
import { hexOf } from '../../../../src/operations/explain/take-apart.ts';

const knowledge = codeKnowledge();
const codes = [...knowledge.byValue.keys()];
const failures = codes.filter((value) => value >= 0x80000000);
const read = (line: string) =>
  findCodes(line, knowledge).map(({ value, extend }) => [
    value === null ? null : hexOf(value),
    extend === null ? null : extend.toString(16),
  ]);

describe('in a text', () => {
  test.each([
    ['0x80070002', '0x80070002', null],
    ['error 0X80070002!', '0x80070002', null],
    ['hr 0x80070002', '0x80070002', null],
    ['hr=0x80070002L', '0x80070002', null],
    ['(0x80070002)', '0x80070002', null],
    ['0xFFFFFFFF80070002', '0x80070002', null],
    ['code -2147024894 came', '0x80070002', null],
    ['code −2147024894', '0x80070002', null],
    ['<Data>2147942402</Data>', '0x80070002', null],
    ['resultMapped=80070643, resultUnMapped=FFFE', '0x80070643', null],
    ['*FAILED* [80070002] GetUpdates', '0x80070002', null],
    ['status_wait_2', '0x80070002', null],
    ['STATUS_OBJECT_NAME_NOT_FOUND on:[27]', '0xC0000034', null],
    ['wu_e_download_failed', '0x80240034', null],
    ['ERROR_ACCESS_DENIED', '0x80070005', null],
    ['0x80070002-0x20007', '0x80070002', '20007'],
    ['0xC1900101 - 0x20017', '0xC1900101', '20017'],
    ['0x8007042B 0x4000D', '0x8007042B', '4000d'],
    ['0x80070070 – 0x60000', '0x80070070', '60000'],
    ['80070002-20007', '0x80070002', '20007'],
    ['Extend code: 0x20007', null, '20007'],
    ['8007 0002', '0x80070002', null],
    ['エラーコード 3: 0x80070002 -- system level', '0x80070002', null],
    ['エラー 0x80070002 が発生', '0x80070002', null],
    ['エラー0x80070005が発生しました', '0x80070005', null],
    ['Win32 error 2', '0x80070002', null],
    ['GetLastError() = 5', '0x80070005', null],
    ["<Data Name='param2'>%%1053</Data>", '0x8007041D', null],
    ['Error READ, 0x00000002 while gathering/applying object: File, C:\\x. Will return 0', '0x80070002', null],
    ['0xC0000022', '0xC0000022', null],
    ['0xD0000034', '0xD0000034', null],
    ['0x800704C7', '0x800704C7', null],
    ['result 0x00041301', '0x00041301', null],
  ])('%s', (line, code, extend) => {
    expect(read(line)).toEqual([[code, extend]]);
  });

  test.each([
    'KB5065687',
    '{80070002-1234-4abc-9def-0123456789ab}',
    'flags: 0x80000000, mask 0xFFFFFFFF',
    'Reboot required: no [HRESULT = 0x00000000 - S_OK]',
    'PID=4312 TID=4408 at 0x7ffd80070002',
    'address 0x7ffd8007000200',
    'size 1234567890 of 3000000000',
    'offset -123456789',
    'HASH a80070002b',
    'some_name_of_a_thing ERROR_ E_',
    '26100.1742.80070002',
    'Session: 31154321_2894012345',
    '0x20007',
  ])('no code: %s', (line) => {
    expect(read(line)).toEqual([]);
  });

  test('a symbol beside its number is not counted again, another one is', () => {
    expect(read('[HRESULT = 0x80070002 - ERROR_FILE_NOT_FOUND]')).toEqual([['0x80070002', null]]);
    expect(read('0x80070002, then ERROR_DISK_FULL')).toEqual([
      ['0x80070002', null],
      ['0x80070070', null],
    ]);
  });

  test('what follows a code and is no extend code is a code of its own', () => {
    expect(read('0x80070002 0x80070005')).toEqual([
      ['0x80070002', null],
      ['0x80070005', null],
    ]);
    expect(read('0x80070002-0x12345')).toEqual([['0x80070002', null]]);
  });

  test('any code in any of its spellings is found in any text around it, once', () => {
    const spellings: readonly ((value: number) => string)[] = [
      (value) => hexOf(value),
      (value) => hexOf(value).toLowerCase(),
      (value) => String(value | 0),
      (value) => String(value),
      (value) => `[${hexOf(value).slice(2)}]`,
      (value) => Array.from(hexOf(value), (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)).join(''),
    ];
    const around = fc.stringMatching(/^[ぁ-んア-ン漢字 ,:;()]{0,12}$/);
    fc.assert(
      fc.property(
        fc.constantFrom(...failures),
        fc.constantFrom(...spellings),
        around,
        around,
        (value, spell, before, after) => {
          expect(read(`${before} ${spell(value)} ${after}`)).toEqual([[hexOf(value), null]]);
        },
      ),
    );
  });

  test('nothing that is found lies outside of the line or over another, whatever the line', () => {
    const pieces = fc.oneof(
      fc.constantFrom(
        '0x',
        '8007',
        '0002',
        '-',
        ' ',
        '%%',
        '2147942402',
        'ERROR_',
        'status_wait_2',
        '0x20007',
        '０ｘ',
        'Win32 error 2',
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const line = parts.join('');
        let end = 0;
        for (const { at, text, value } of findCodes(line, knowledge)) {
          expect(at).toBeGreaterThanOrEqual(end);
          end = at + text.length;
          expect(end).toBeLessThanOrEqual(line.length);
          if (value !== null) expect(value).toBe(value >>> 0);
        }
      }),
    );
  });
});

describe('as a whole', () => {
  const whole = (text: string) => {
    const found = readWholeCode(text, knowledge);
    return found === null
      ? null
      : [found.value === null ? null : hexOf(found.value), found.extend?.toString(16) ?? null];
  };
  test.each([
    ['2', '0x80070002', null],
    ['0x2', '0x80070002', null],
    ['0x00000005', '0x80070005', null],
    ['1168', '0x80070490', null],
    ['win32 error 5', '0x80070005', null],
    ['エラーコード: 2', '0x80070002', null],
    ['-2147024894', '0x80070002', null],
    ['2147942402', '0x80070002', null],
    ['2359302', '0x00240006', null],
    ['0x240005', '0x00240005', null],
    ['80070002', '0x80070002', null],
    ['8a15ff3c', '0x8A15FF3C', null],
    ['0x8A15FF3C', '0x8A15FF3C', null],
    ['0x20007', null, '20007'],
    ['0x41301', '0x00041301', null],
    ['２', '0x80070002', null],
  ])('%s', (text, code, extend) => {
    expect(whole(text)).toEqual([code, extend]);
  });

  test.each(['', '0', '0x0', '99999999999', '-2147483649', 'two', '2 3'])('no code: %j', (text) => {
    expect(whole(text)).toBeNull();
  });
});
