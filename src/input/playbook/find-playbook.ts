import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { closest } from '../../kernel/suggestion.ts';
import { checkDocument } from '../document/check-document.ts';
import { type Loaded, optionFault } from '../document/fault.ts';
import { readDocumentFile } from '../document/read-file.ts';

/** Where playbooks and actions lie. */
export type PlaybookPlaces = {
  /** The folder that the user works in, with `playbooks/` and `actions/` of its own, if any. */
  readonly projectDir: string;
  /** The shipped folder `playbooks`. */
  readonly shippedDir: string;
};

/** A playbook's file, found but not yet read. */
export type PlaybookFile = {
  /** The path below `playbooks/` without its ending. */
  readonly id: string;
  readonly file: string;
  readonly origin: 'project' | 'shipped' | 'path';
};

const ending = /\.ya?ml$/;
/** Ending of the files that test a playbook; they lie beside it. */
const testEnding = /\.test\.ya?ml$/;

/**
 * Finds a playbook by its id (own ones first, then shipped ones, then aliases) or by the path of its file.
 * What is not found is a fault with the nearest id.
 */
export function findPlaybook(idOrPath: string, places: PlaybookPlaces): Loaded<PlaybookFile> {
  const path = resolve(places.projectDir, idOrPath);
  if (ending.test(idOrPath)) {
    if (isFile(path)) return { ok: true, value: { id: idOfPath(path), file: path, origin: 'path' } };
    return { ok: false, faults: [optionFault(idOrPath, 'there is no such file')] };
  }
  const all = listPlaybooks(places);
  const direct = all.find((each) => each.id === idOrPath);
  if (direct !== undefined) return { ok: true, value: direct };
  const aliases = readAliases(places);
  if (!aliases.ok) return aliases;
  const id = aliases.value.get(idOrPath);
  const meant = all.find((each) => each.id === id);
  if (meant !== undefined) return { ok: true, value: meant };
  if (id !== undefined) {
    const message = `the alias \`${idOrPath}\` stands for \`${id}\`, which does not exist`;
    return { ok: false, faults: [optionFault(idOrPath, message)] };
  }
  return { ok: false, faults: [notFound(idOrPath, path, all, [...aliases.value.keys()])] };
}

/** All playbooks, own ones before shipped ones; the first of an id wins. */
export function listPlaybooks(places: PlaybookPlaces): readonly PlaybookFile[] {
  const found = new Map<string, PlaybookFile>();
  for (const origin of ['project', 'shipped'] as const) {
    const root = origin === 'project' ? join(places.projectDir, 'playbooks') : places.shippedDir;
    for (const name of filesBelow(root)) {
      const id = name.replace(ending, '');
      if (!found.has(id)) found.set(id, { id, file: join(root, name), origin });
    }
  }
  return [...found.values()];
}

/** Other names of playbooks: `playbooks/aliases.yaml` of the project, then the shipped one; either may be missing. */
export function readAliases(places: PlaybookPlaces): Loaded<ReadonlyMap<string, string>> {
  const aliases = new Map<string, string>();
  for (const root of [places.shippedDir, join(places.projectDir, 'playbooks')]) {
    const file = join(root, 'aliases.yaml');
    if (!isFile(file)) continue;
    const checked = readAliasFile(file);
    if (!checked.ok) return checked;
    for (const [name, id] of Object.entries(checked.value)) aliases.set(name, id);
  }
  return { ok: true, value: aliases };
}

/** Reads and checks one file `aliases.yaml`: names → ids. */
export function readAliasFile(file: string): Loaded<Readonly<Record<string, string>>> {
  const read = readDocumentFile(file);
  return read.ok ? checkDocument<Record<string, string>>(read.value, 'aliases') : read;
}

function notFound(wanted: string, path: string, all: readonly PlaybookFile[], aliases: readonly string[]) {
  const ids = all.map((each) => each.id);
  const sameName = ids.find((id) => basename(id) === basename(wanted));
  const near = closest(wanted, [...ids, ...aliases]) ?? sameName ?? null;
  const file = ['.yaml', '.yml'].map((each) => path + each).find(isFile);
  const suggestion =
    file !== undefined
      ? `did you mean the file ${basename(file)}?`
      : near === null
        ? null
        : `did you mean \`${near}\`?`;
  return optionFault(wanted, `there is no playbook \`${wanted}\``, {
    expected: 'the id of a playbook (its path below playbooks/) or the path of a .yaml file',
    suggestion,
  });
}

/** Whether a path is that of a file that tests a playbook. */
export const isTestFile = (path: string): boolean => testEnding.test(path);

/** Paths of playbooks below a folder, with `/` between their parts; actions, aliases and tests are none. */
function filesBelow(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => name.split(sep).join('/'))
    .filter((name) => ending.test(name) && !isTestFile(name))
    .filter((name) => !name.startsWith('actions/') && !/^aliases\.ya?ml$/.test(name))
    .toSorted();
}

/** The path below the nearest folder `playbooks`, or the file's name, without the ending. */
function idOfPath(path: string): string {
  const parts = path.replace(ending, '').split(sep);
  const at = parts.lastIndexOf('playbooks');
  return parts.slice(at === -1 ? -1 : at + 1).join('/');
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
