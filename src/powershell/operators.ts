import type { Parser } from './parser.ts';

/** A binary operator as read: its plain name, precedence (higher binds tighter) and whether case counts. */
export type OperatorToken = {
  readonly name: string;
  readonly precedence: number;
  readonly caseSensitive: boolean;
  readonly length: number;
};

const logical = ['and', 'or', 'xor'];
const bitwise = ['band', 'bor', 'bxor'];
const cased = 'eq ne gt ge lt le like notlike match notmatch contains notcontains in notin replace split'.split(' ');
const comparison = [...cased, 'is', 'isnot', 'as', 'join', 'shl', 'shr'];

const precedences = new Map<string, { name: string; precedence: number; caseSensitive: boolean }>();
const add = (names: readonly string[], precedence: number): void => {
  for (const name of names) precedences.set(name, { name, precedence, caseSensitive: false });
};
add(logical, 1);
add(bitwise, 2);
add(comparison, 3);
add(['f'], 6);
for (const name of cased) {
  precedences.set(`c${name}`, { name, precedence: 3, caseSensitive: true });
  precedences.set(`i${name}`, { name, precedence: 3, caseSensitive: false });
}

const symbols: Readonly<Record<string, number>> = { '+': 4, '-': 4, '*': 5, '/': 5, '%': 5, '..': 7 };

/** The binary operator at the position (not consumed), or undefined. */
export const lookOperator = (parser: Parser): OperatorToken | undefined => {
  const c = parser.peek();
  if (c === '-') {
    const word = parser.look(/-([A-Za-z]+)(?![A-Za-z_])/y);
    if (word) {
      const found = precedences.get((word[1] ?? '').toLowerCase());
      return found && { ...found, length: word[0].length };
    }
  }
  const symbol = c === '.' ? (parser.peek(1) === '.' ? '..' : '') : c;
  const precedence = symbols[symbol];
  if (precedence === undefined || parser.peek(symbol.length) === '=') return undefined;
  return { name: symbol, precedence, caseSensitive: false, length: symbol.length };
};

/** The unary word operator at the position (not consumed), or undefined. */
export const lookUnary = (parser: Parser): OperatorToken | undefined => {
  const word = parser.look(/-(not|bnot|join|[ci]?split)(?![A-Za-z_])/iy);
  if (!word) return undefined;
  const text = (word[1] ?? '').toLowerCase();
  const name = text.endsWith('split') ? 'split' : text;
  return { name, precedence: 9, caseSensitive: text === 'csplit', length: word[0].length };
};
