import { builtInExtensions } from '../src/lab/evaluator/built-in.ts';
import { createRegistry } from '../src/lab/evaluator/registry.ts';
import { programs } from '../src/lab/windows/programs/programs.ts';
import { windowsExtension } from '../src/lab/windows/runtime/extension.ts';

const programName = (path: string): string => path.slice(path.lastIndexOf('\\') + 1).replace(/\.exe$/i, '');

/** The text of a module with the names of all commands that the lab simulates: readers of lab files need not load the lab for it. */
export function labCommandsModule(): string {
  const { cmdlets } = createRegistry([...builtInExtensions, windowsExtension]);
  const names = [...cmdlets.values()].map(({ name }) => name).concat(programs.map(({ path }) => programName(path)));
  const lines = [...new Set(names)].toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return `// Made from the lab by scripts/generate.ts; run \`npm run generate\`.

/** Cmdlets and programs that the lab simulates. */
export const labCommands: readonly string[] = [
${lines.map((name) => `  '${name}',`).join('\n')}
];
`;
}
