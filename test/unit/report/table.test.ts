import { describe, expect, it } from 'vitest';
import { oneLine, printable } from '../../../src/report/printable.ts';
import { cutText, padText, plainTable, textWidth } from '../../../src/report/table.ts';

describe('widths in a terminal', () => {
  it('Japanese takes two columns, half-width kana one, a combining mark none, an emoji two', () => {
    expect(['abc', '修復済み', 'ｱｲｳ', 'e\u0301', '🔧', '𠮷', '(全角)'].map(textWidth)).toEqual([3, 8, 3, 1, 2, 2, 6]);
  });

  it('pads to columns, not to characters, and never cuts', () => {
    expect(padText('結果', 6)).toBe('結果  ');
    expect(padText('結果です', 6)).toBe('結果です');
  });

  it('cuts between characters so that the ellipsis still fits', () => {
    expect(cutText('修復済み', 8)).toBe('修復済み');
    expect(cutText('修復済みです', 8)).toBe('修復済…');
    expect(textWidth(cutText('修復済みです', 8))).toBeLessThanOrEqual(8);
    expect(cutText('abcdef', 4)).toBe('abc…');
  });
});

describe('a plain table', () => {
  it('aligns columns whose cells mix scripts', () => {
    const lines = plainTable(
      ['ホスト', 'End'],
      [
        ['web01', '修復済み'],
        ['とても長い名前', 'x'],
      ],
    ).split('\n');
    const second = lines.map((line) => textWidth(line.slice(0, line.search(/ {2}\S/) + 2).trimEnd()));
    expect(lines).toEqual([
      'ホスト          End',
      '--------------  --------',
      'web01           修復済み',
      'とても長い名前  x',
    ]);
    expect(second.every((width) => width <= 14)).toBe(true);
  });

  it('shows missing cells as blanks and cells of several lines as one', () => {
    expect(plainTable(['a', 'b'], [['1'], ['2', 'one\r\n  two\tthree']])).toBe(
      'a  b\n-  -------------\n1\n2  one two three',
    );
  });
});

describe('texts of hosts', () => {
  it('cannot steer the terminal', () => {
    expect(printable('\u001b[2Jgone\u009b31m\u0007 ok\n\tnext')).toBe('\ufffd[2Jgone\ufffd31m\ufffd ok\n\tnext');
    expect(oneLine('a\u202Eb\u2066c')).toBe('a\ufffdb\ufffdc');
  });

  it('become one line', () => expect(oneLine('  indented\r\n\r\n and more \n')).toBe('  indented and more '));
});
