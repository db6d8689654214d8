import { builtInExtensions } from '../src/lab/evaluator/built-in.ts';
import { createRegistry } from '../src/lab/evaluator/registry.ts';
import { programs } from '../src/lab/windows/programs/programs.ts';
import { windowsExtension } from '../src/lab/windows/runtime/extension.ts';

const inLines = (words: readonly string[]): string => {
  const lines = [''];
  for (const word of words) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length > 105) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => `  '${line}',`).join('\n');
};

const sorted = (words: Iterable<string>): readonly string[] => [...new Set(words)].toSorted();

/** The text of a module with all commands of Windows that the lab knows, simulated or not: who reads scripts need not load the lab for it. */
export function windowsCommandsModule(): string {
  const extensions = [...builtInExtensions, windowsExtension];
  const { cmdlets, aliases } = createRegistry(extensions);
  const listed = extensions.flatMap((each) => [...(each.knownCommands ?? []), ...(each.featureCommands ?? [])]);
  const commands = sorted([...cmdlets.keys(), ...listed].map((name) => name.toLowerCase())).filter((name) =>
    /^[\w.-]*\w$/.test(name),
  );
  const names = sorted(programs.map(({ path }) => path.slice(path.lastIndexOf('\\') + 1).toLowerCase()));
  const short = sorted(Array.from(aliases, ([name, command]) => `${name.toLowerCase()}=${command.toLowerCase()}`));
  return `// Made from the lab's lists by scripts/generate.ts; run \`npm run generate\`.

/** Commands of Windows PowerShell and of the modules of Windows, in lower case, several in each text. */
export const commandNames: readonly string[] = [
${inLines(commands)}
];

/** Programs of Windows by their files, in lower case, several in each text. */
export const programNames: readonly string[] = [
${inLines(names)}
];

/** Aliases, as \`alias=command\`, in lower case, several in each text. */
export const aliasNames: readonly string[] = [
${inLines(short.map((each) => each.replaceAll('\\', '\\\\').replaceAll("'", "\\'")))}
];
`;
}
