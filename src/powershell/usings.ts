import type { Parser } from './parser.ts';
import type { Statement } from './syntax-tree.ts';

const readUsing = (parser: Parser): Statement => {
  const start = parser.at;
  const match = parser.look(/using\s+(namespace|module|assembly)\s+([^\s;]+)/iy);
  if (!match) parser.fail('InvalidUsing', "'using' takes namespace, module or assembly");
  if (match[2]?.startsWith('$'))
    parser.fail(
      'InvalidValueForUsingItemName',
      "'using' takes a name and no variable",
      start + match[0].length - match[2].length,
    );
  parser.at += match[0].length;
  return { kind: 'using', what: (match[1] ?? '').toLowerCase(), name: match[2] ?? '', start, end: parser.at };
};

/** The `using` statements with which a script begins. */
export const readUsings = (parser: Parser): Statement[] => {
  const usings: Statement[] = [];
  parser.skipSeparators();
  while (parser.word() === 'using') {
    usings.push(readUsing(parser));
    parser.skipBlanks();
    if (!/^[\r\n;]?$/.test(parser.peek()))
      parser.fail('MissingStatementTerminator', "the end of the line or ';' was expected behind 'using'");
    parser.skipSeparators();
  }
  return usings;
};
