import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../kernel/failure.ts';

const files = fileURLToPath(new URL('./files/', import.meta.url));
/** The schemas lie beside `src` (or `dist`) in the package. */
const schemaDir = fileURLToPath(new URL('../../../schemas/', import.meta.url));

/** Files that editors read are kept here without their dots, so that packages carry them. */
const dotted = /^(?:gitignore$|vscode\/)/;

/**
 * Lays a new project: an inventory, a playbook with its test, an action, and editor settings that point at the schemas. Nothing that is there
 * is written over.
 * @returns paths in the folder, in their order
 * @throws Failure `bad-input` where a file is there already, or the folder cannot be written to; then nothing was written
 */
export function layProject(folder: string): readonly string[] {
  const wanted = new Map([
    ...filesBelow(files).map((name) => [name.replace(dotted, '.$&'), join(files, name)] as const),
    ...filesBelow(schemaDir).map((name) => [`.vscode/schemas/${name}`, join(schemaDir, name)] as const),
  ]);
  const there = [...wanted.keys()].filter((name) => existsSync(join(folder, name)));
  if (there.length > 0) {
    const names = there.slice(0, 3).join(', ') + (there.length > 3 ? ` and ${there.length - 3} more` : '');
    throw new Failure(
      'bad-input',
      `${folder}: expected a folder without the files of a project, but ${names} ${there.length > 1 ? 'are' : 'is'} there already. Name a new folder: kintsugi init <folder>.`,
    );
  }
  try {
    for (const [name, source] of wanted) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      copyFileSync(source, join(folder, name));
    }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new Failure(
      'bad-input',
      `${folder}: expected a folder that this account may make or write to (${code}). Name another folder.`,
      { cause: error },
    );
  }
  return [...wanted.keys()].toSorted();
}

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.split(sep).join('/'));
