import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';

/** One import of a file: a path below `src/`, or a package. */
export type Import =
  | { readonly kind: 'own'; readonly file: string; readonly target: string }
  | { readonly kind: 'package'; readonly file: string; readonly name: string }
  | { readonly kind: 'node'; readonly file: string; readonly name: string };

/** A TypeScript file below the scanned folder, with its text; its path has `/` between its parts. */
export type SourceFile = { readonly file: string; readonly text: string };

/** All TypeScript files below a folder. */
export function readSources(folder: string): readonly SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .toSorted()
    .map((name) => ({ file: name.split(sep).join('/'), text: readFileSync(join(folder, name), 'utf8') }));
}

/** Comments and blank strings of code hold no imports; they are taken out before the scan. */
const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

const statements = [
  /^[ \t]*(?:import|export)\s[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^[ \t]*import\s*['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
];

/** Every import of a file, types and dynamic ones included. */
export function importsOf({ file, text }: SourceFile): readonly Import[] {
  const code = withoutComments(text);
  const names = statements.flatMap((statement) => [...code.matchAll(statement)].map((match) => match[1] ?? ''));
  return names.map((name): Import => {
    if (name.startsWith('.')) return { kind: 'own', file, target: posix.normalize(posix.join(dirname(file), name)) };
    if (name.startsWith('node:')) return { kind: 'node', file, name };
    const parts = name.split('/');
    return { kind: 'package', file, name: parts.slice(0, name.startsWith('@') ? 2 : 1).join('/') };
  });
}

/** Whether a path is a folder's or lies below it. */
export const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);
