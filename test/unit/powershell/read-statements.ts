import { parseScript } from '../../../src/powershell/parse-script.ts';
import { SyntaxFault } from '../../../src/powershell/source.ts';
import type { Statement } from '../../../src/powershell/syntax-tree.ts';

/** The statements of a script. */
export const statements = (text: string): readonly Statement[] => parseScript(text).body.finish?.statements ?? [];

/** The fault of a script that has one. */
export const faultOf = (text: string): SyntaxFault => {
  try {
    parseScript(text, 'test.ps1');
  } catch (error) {
    if (error instanceof SyntaxFault) return error;
    throw error;
  }
  throw new Error('the script was read without a fault');
};
