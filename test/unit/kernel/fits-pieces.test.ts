import { describe, expect, test } from 'vitest';
import { fitsPieces, type PatternPiece, readPieces } from '../../../src/kernel/fits-pieces.ts';

const paths = (pattern: string): PatternPiece[] =>
  pattern.split(/(\*\*|\*)/).flatMap((part): PatternPiece[] => {
    if (part === '**') return ['any text'];
    return part === '*' ? ['any name'] : readPieces(part, {});
  });

describe('a pattern with wildcards', () => {
  test.each([
    ['C:\\a\\b.log', 'C:\\a\\*.log', true],
    ['C:\\a\\c\\b.log', 'C:\\a\\*.log', false],
    ['C:\\a\\c\\b.log', 'C:\\**\\*.LOG', true],
    ['C:\\a\\c\\b.log.1', 'C:\\**\\*.log', false],
    ['x\\yb\\zb', '**b*b', false],
    ['x\\ybzb', '**b*b', true],
    ['a\\b', '*', false],
    ['a\\b', '**', true],
    ['', '*', true],
  ])('%s against %s: %s', (text, pattern, expected) => {
    expect(fitsPieces(paths(pattern), text)).toBe(expected);
  });

  test('no pattern keeps it busy', () => {
    let retries = 0;
    const text = 'a'.repeat(2000);
    expect(fitsPieces(readPieces(`${'*a'.repeat(40)}*b`), text, () => void retries++)).toBe(false);
    expect(retries).toBeLessThan(text.length * 2);
    expect(fitsPieces(paths(`${'**a*a'.repeat(20)}**b`), text, () => void retries++)).toBe(false);
    expect(retries).toBeLessThan(text.length * text.length * 3);
  });
});
