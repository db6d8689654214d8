import { parseScript } from '../../../powershell/parse-script.ts';
import { spend } from '../limit.ts';
import { guardSyntax } from '../run/syntax-errors.ts';
import type { Body } from './body.ts';
import { compileScript } from './compile-script.ts';

/** The newest scripts by text, then by file; compiled code holds nothing of a session, so that all runspaces share it. */
const cache = new Map<string, Map<string, Body>>();
const cachedScripts = 64;

/** Reading and compiling an expression is some microseconds of work. */
const unitsOfExpression = 56;

/** Reading a character of a token; what is read of them is counted as expressions. */
const unitsOfCharacter = 2.6;

/**
 * Parses and compiles a script, or takes what was compiled before.
 * @param file name for messages
 * @throws PowerShellError ParseException for a fault in the syntax
 * @throws LimitReached if the script is so long that reading it would keep the machine busy
 */
export const loadScript = (text: string, file?: string): Body => {
  const ofText = cache.get(text) ?? new Map<string, Body>();
  // The newest stand at the end.
  cache.delete(text);
  cache.set(text, ofText);
  const known = ofText.get(file ?? '');
  if (known) return known;
  const [oldest] = cache.keys();
  if (cache.size > cachedScripts && oldest !== undefined) cache.delete(oldest);
  spend(text.length * unitsOfCharacter);
  const body = compileScript(guardSyntax(() => parseScript(text, file, () => spend(unitsOfExpression))));
  ofText.set(file ?? '', body);
  return body;
};
