import type { Variable } from './expression-tree.ts';
import type { Parser } from './parser.ts';

const named = /\$(?:([\p{L}\p{Nd}_?]+):(?!:))?([\p{L}\p{Nd}_?]+)/uy;
const braced = /\$\{((?:[^{}`]|`[\s\S])+)\}/y;
const special = /\$([$^])/y;
const splatted = /@(?:([\p{L}\p{Nd}_?]+):(?!:))?([\p{L}\p{Nd}_?]+)/uy;

const scopes = new Set(['global', 'script', 'local', 'private', 'using', 'variable']);

const splitBraced = (text: string): { scope: string | undefined; name: string } => {
  const plain = text.replace(/`([\s\S])/g, '$1');
  const colon = plain.indexOf(':');
  if (colon <= 0) return { scope: undefined, name: plain };
  return { scope: plain.slice(0, colon).toLowerCase(), name: plain.slice(colon + 1) };
};

const make = (parser: Parser, start: number, scope: string | undefined, name: string, splat: boolean): Variable => {
  // `variable:` is the drive of variables; reading through it is the same as without.
  const lower = scope?.toLowerCase();
  return {
    kind: 'variable',
    name,
    scope: lower === 'variable' ? undefined : lower,
    splat,
    start,
    end: parser.at,
  };
};

/**
 * A variable at the position, or undefined.
 * @param inString inside an expandable string a drive without name is a fault, as in PowerShell
 */
export const readVariable = (parser: Parser, inString = false): Variable | undefined => {
  const start = parser.at;
  const inBraces = parser.look(braced);
  if (inBraces) {
    parser.at += inBraces[0].length;
    const { scope, name } = splitBraced(parser.written(start).slice(2, -1));
    return make(parser, start, scope, name, false);
  }
  const open = parser.look(/\$\{(?:[^{}`]|`[\s\S])*\{/y);
  if (open)
    parser.fail(
      'OpenBraceNeedsToBeBackTickedInVariableName',
      "a '{' in the name of a variable needs a backtick before it",
      start + open[0].length - 1,
    );
  if (parser.sees('${')) parser.fail('IncompleteDollarVariableReference', "the closing '}' of '${' is missing", start);
  const plain = parser.look(named);
  if (plain) {
    parser.at += plain[0].length;
    if (inString && plain[1] === undefined && parser.peek() === ':' && parser.peek(1) !== ':') {
      parser.fail(
        'InvalidVariableReferenceWithDrive',
        `':' after $${plain[2]} was not followed by a name; write \${${plain[2]}}`,
      );
    }
    return make(parser, start, plain[1], plain[2] ?? '', false);
  }
  const odd = parser.look(special);
  if (odd) {
    parser.at += odd[0].length;
    return make(parser, start, undefined, odd[1] ?? '', false);
  }
  return undefined;
};

/** `@name` at the position, or undefined. */
export const readSplat = (parser: Parser): Variable | undefined => {
  const start = parser.at;
  const match = parser.look(splatted);
  if (!match) return undefined;
  parser.at += match[0].length;
  return make(parser, start, match[1], match[2] ?? '', true);
};

/** Whether a variable's qualifier is a scope (and no drive). */
export const isScope = (name: string): boolean => scopes.has(name);
