import { nearest } from '../../kernel/suggestion.ts';
import type { InputFault } from '../document/fault.ts';
import type { DocumentPath, SourceDocument } from '../document/source-document.ts';
import type { Host } from './lab.generated.ts';
import { labCommands } from './lab-commands.generated.ts';

/** `dism` for `C:\\Windows\\System32\\Dism.exe`. */
const bareName = (command: string): string =>
  command
    .slice(command.lastIndexOf('\\') + 1)
    .toLowerCase()
    .replace(/\.exe$/, '');

const known: ReadonlySet<string> = new Set(labCommands.map(bareName));

/** What hangs must be something that the lab simulates: a misspelt name would never be called, and the disturbance never come. */
export function checkDisturbances(
  source: SourceDocument,
  hosts: { readonly [name: string]: Pick<Host, 'disturbances'> },
  path: DocumentPath,
): readonly InputFault[] {
  return Object.entries(hosts).flatMap(([host, { disturbances = [] }]) =>
    disturbances.flatMap((disturbance, index) => {
      if (disturbance.kind !== 'command-hangs' || known.has(bareName(disturbance.command))) return [];
      const near = nearest(bareName(disturbance.command), labCommands, 3).map((name) => `\`${name}\``);
      const words = {
        message: `the lab has no command \`${disturbance.command}\``,
        expected: 'a cmdlet by its whole name, or a program, that the lab simulates (docs/lab-windows.md)',
        suggestion: near.length === 0 ? null : `did you mean ${near.join(', ')}?`,
      };
      return [source.fault([...path, host, 'disturbances', index, 'command'], words)];
    }),
  );
}
