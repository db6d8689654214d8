import type { Command } from '../powershell/syntax-tree.ts';
import { textShape } from './call.ts';
import { commandName } from './lint-script.ts';
import { commandNames, programNames } from './windows-commands.generated.ts';

const inTexts = (texts: readonly string[]): ReadonlySet<string> => new Set(texts.flatMap((text) => text.split(' ')));

const programs = inTexts(programNames);
const commands = inTexts(commandNames);

/** Whether Windows has a command of this name (lower case), or one that it gives the `get-` of. */
export const isWindowsCommand = (name: string): boolean => commands.has(name) || commands.has(`get-${name}`);

const programEnd = /\.(?:exe|com|cmd|bat|msc|cpl|vbs|msi|msu)$/i;

/** The program that a call starts, as it is written (what a run makes as `*`); null where it starts none. */
export function programOf(node: Command): string | null {
  const name = commandName(node);
  const written = name ?? textShape(node.name);
  // A script is none.
  if (written === null || node.invocation === '.' || /\.ps1$/i.test(written)) return null;
  if (programEnd.test(written)) return written;
  if (name === null || isWindowsCommand(name)) return null;
  return programs.has(`${name}.exe`) || /^[a-z]:\\|\\/i.test(name) ? written : null;
}
