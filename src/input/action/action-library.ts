import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { closest } from '../../kernel/suggestion.ts';
import { optionFault } from '../document/fault.ts';
import type { LoadedAction } from './action.ts';
import { readAction } from './read-action.ts';

/** All actions that a playbook can use. */
export type ActionLibrary = {
  /** Ids of all actions, sorted. */
  readonly ids: () => readonly string[];
  /** Reads an action, once; an unknown id is a fault with a suggestion. */
  readonly get: (id: string) => LoadedAction;
};

/** The actions of the project folder (`actions/`, then `playbooks/actions/`), then the shipped ones; the first of an id wins. */
export function openActionLibrary(places: { readonly projectDir: string; readonly shippedDir: string }): ActionLibrary {
  const folders = new Map<string, string>();
  for (const root of [
    join(places.projectDir, 'actions'),
    join(places.projectDir, 'playbooks', 'actions'),
    join(places.shippedDir, 'actions'),
  ]) {
    for (const id of idsBelow(root)) if (!folders.has(id)) folders.set(id, join(root, id));
  }
  const read = new Map<string, LoadedAction>();
  const ids = [...folders.keys()].toSorted();
  return {
    ids: () => ids,
    get: (id) => {
      const folder = folders.get(id);
      if (folder === undefined) return unknownAction(id, ids);
      const known = read.get(id) ?? readAction(folder);
      read.set(id, known);
      return known;
    },
  };
}

/** What a misspelt id of an action was probably meant to be; the area may be wrong or missing. */
export function nearestAction(id: string, ids: readonly string[]): string | null {
  const name = id.split('/').at(-1) ?? id;
  return closest(id, ids) ?? ids.find((each) => each.split('/')[1] === name) ?? null;
}

function unknownAction(id: string, ids: readonly string[]): LoadedAction {
  const near = nearestAction(id, ids);
  const suggestion = near === null ? null : `did you mean \`${near}\`?`;
  return { ok: false, faults: [optionFault(id, `there is no action \`${id}\``, { suggestion })], scripts: null };
}

function idsBelow(root: string): string[] {
  if (!existsSync(root)) return [];
  const areas = readdirSync(root, { withFileTypes: true }).filter((each) => each.isDirectory());
  return areas.flatMap((area) =>
    readdirSync(join(root, area.name), { withFileTypes: true })
      .filter((each) => each.isDirectory())
      .map((each) => `${area.name}/${each.name}`),
  );
}
