import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Action } from '../input/action/action.ts';
import { openActionLibrary } from '../input/action/action-library.ts';
import { readAction } from '../input/action/read-action.ts';
import { decodeText } from '../input/document/decode-text.ts';
import type { Loaded } from '../input/document/fault.ts';
import { defaultMaxBytes } from '../input/document/read-document.ts';
import { readBytes } from '../input/document/read-file.ts';
import { badInput } from '../input/document/report-faults.ts';
import { shownPath } from '../input/document/shown-path.ts';
import { findPlaybook, type PlaybookPlaces } from '../input/playbook/find-playbook.ts';
import { readPlaybook } from '../input/playbook/read-playbook.ts';
import { coverScript, functionsOf } from '../lab/coverage/cover-script.ts';
import type { ScriptCoverage } from '../lab/coverage/findings.ts';

type NamedScript = { readonly file: string; readonly text: string };

const isScript = (name: string): boolean => /\.psm?1$/i.test(name);

/** @throws Failure `bad-input` */
function valueOf<T>(loaded: Loaded<T>, { projectDir }: PlaybookPlaces): T {
  if (!loaded.ok) throw badInput(loaded.faults, projectDir);
  return loaded.value;
}

/**
 * What the lab can run of scripts (by path), of an action's scripts (by its folder) or of all scripts of a playbook's actions (by id or
 * path). Functions of the host kit count as known, for that is where actions run, and so do those of scripts that are named beside.
 * @throws Failure `bad-input` where a name means nothing or a file is not valid
 */
export function coverScripts(names: readonly string[], places: PlaybookPlaces, kit: string): readonly ScriptCoverage[] {
  const scripts = new Map(
    names.flatMap((name) => scriptsOf(name, places)).map((script) => [script.file, script.text] as const),
  );
  const functions = new Set([kit, ...scripts.values()].flatMap((text) => [...functionsOf(text)]));
  return [...scripts].map(([file, text]) => coverScript(text, file, functions));
}

function scriptsOf(name: string, places: PlaybookPlaces): readonly NamedScript[] {
  const path = resolve(places.projectDir, name);
  if (isScript(name)) {
    const read = readBytes(path, defaultMaxBytes);
    if ('fault' in read) throw badInput([read.fault]);
    const decoded = decodeText(read.bytes, name, defaultMaxBytes);
    if ('fault' in decoded) throw badInput([decoded.fault]);
    return [{ file: name, text: decoded.text }];
  }
  if (existsSync(join(path, 'action.yaml'))) return scriptsOfAction(valueOf(readAction(path), places), places);
  const { actions } = valueOf(
    readPlaybook(valueOf(findPlaybook(name, places), places), openActionLibrary(places)),
    places,
  );
  return [...actions.values()].flatMap((action) => scriptsOfAction(action, places));
}

function scriptsOfAction(action: Action, places: PlaybookPlaces): readonly NamedScript[] {
  return Object.entries(action.scripts).map(([kind, text]) => {
    const file = join(action.folder, `${kind}.ps1`);
    return { file: shownPath(file, places.projectDir), text };
  });
}
