import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineDecoder, maxPieceBytes } from '../../../../src/operations/explain/decode-lines.ts';

const decode = (bytes: Uint8Array, chunkSizes: readonly number[] = [bytes.length]) => {
  const decoder = new LineDecoder();
  const lines: { line: number; text: string }[] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = Math.max(1, chunkSizes[turn % chunkSizes.length] ?? 1);
    lines.push(...decoder.push(bytes.subarray(at, at + size)));
    at += size;
  }
  lines.push(...decoder.end());
  return { encoding: decoder.encoding, lines };
};
const big = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const text = 'first\r\nエラー 0x80070002\n\nlast';
const lines = [
  { line: 1, text: 'first' },
  { line: 2, text: 'エラー 0x80070002' },
  { line: 3, text: '' },
  { line: 4, text: 'last' },
];

describe.each([
  ['UTF-8', Buffer.from(text), 'utf-8'],
  ['UTF-8 with its mark', Buffer.from(`\ufeff${text}`), 'utf-8'],
  ['UTF-16 LE with its mark', Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le'],
  ['UTF-16 BE with its mark', big(`\ufeff${text}`), 'utf-16be'],
  ['UTF-16 LE without', Buffer.from(text, 'utf16le'), 'utf-16le'],
  ['UTF-16 BE without', big(text), 'utf-16be'],
] as const)('%s', (_, bytes, encoding) => {
  test('is read', () => {
    expect(decode(bytes)).toEqual({ encoding, lines });
  });

  test('comes out the same however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }), (sizes) => {
        // Whether it is UTF-16 is told by the first bytes that come: without a mark they must be some.
        expect(decode(bytes, sizes[0] !== undefined ? [Math.max(8, sizes[0]), ...sizes] : [8]).lines).toEqual(lines);
      }),
    );
  });
});

test('code page 932 is read, also where the second byte of a letter is that of a backslash, and a log of both', () => {
  const log = readFileSync(new URL('../../../fixtures/explain/setuperr-ja.cp932.log', import.meta.url));
  const mixed = Buffer.concat([Buffer.from('日本語 UTF-8\n'), log]);
  expect(decode(log, [7])).toMatchObject({
    encoding: 'cp932',
    lines: [{ text: expect.stringMatching(/操作に失敗しました.*ソ表$/) }, { line: 2 }],
  });
  expect(decode(mixed).lines.map(({ text: each }) => each)).toEqual([
    '日本語 UTF-8',
    expect.stringContaining('ドライバー'),
    expect.stringContaining('アクセスが拒否されました'),
  ]);
});

test.each([
  ['UTF-8', (line: string) => Buffer.from(line)],
  ['UTF-16 LE', (line: string) => Buffer.from(`\ufeff${line}`, 'utf16le')],
  ['UTF-16 BE', (line: string) => big(`\ufeff${line}`)],
] as const)(
  'a line without end is passed on in pieces of one number, cut at blanks, and no more is held: %s',
  (_, encode) => {
    const word = 'エラー0x80070002 ';
    const decoder = new LineDecoder();
    const bytes = encode(word.repeat(40_000));
    const pieces: string[] = [];
    for (let at = 0; at < bytes.length; at += 50_001) {
      for (const { line, text: piece } of decoder.push(bytes.subarray(at, at + 50_001))) {
        expect(line).toBe(1);
        pieces.push(piece);
      }
      expect(decoder.heldBytes).toBeLessThanOrEqual(maxPieceBytes);
    }
    pieces.push(...decoder.end().map(({ text: piece }) => piece));
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.every((piece) => piece.endsWith(' '))).toBe(true);
    expect(pieces.join('')).toBe(word.repeat(40_000));
  },
);
