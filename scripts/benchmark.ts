/**
 * Prints how quick parts of the product are: `npm run benchmark`, or `npm run benchmark -- clixml psrp` for some sections only. A section
 * is a file in `benchmark/sections` that exports `section`. Figures tell, they don't judge: the exit code is 0 whatever they are, and 2
 * for a section that does not exist.
 */
import { readdirSync } from 'node:fs';
import type { Section } from './benchmark/section.ts';
import { figureLine } from './benchmark/table.ts';

const folder = new URL('benchmark/sections/', import.meta.url);
const known = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -'.ts'.length))
  .toSorted();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));

if (unknown.length > 0) {
  process.stderr.write(`There is no section ${unknown.join(', ')}; the sections are ${known.join(', ')}.\n`);
  process.exitCode = 2;
} else
  for (const name of wanted.length > 0 ? wanted : known) {
    const { section } = (await import(new URL(`${name}.ts`, folder).href)) as { section: Section };
    process.stdout.write(`${name}: ${section.title}\n`);
    for await (const figure of section.figures()) process.stdout.write(`  ${figureLine(figure)}\n`);
  }
