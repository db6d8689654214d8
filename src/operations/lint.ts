import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import type { Action, ActionScripts } from '../input/action/action.ts';
import { openActionLibrary } from '../input/action/action-library.ts';
import { readAction } from '../input/action/read-action.ts';
import { type InputFault, optionFault, valueOr } from '../input/document/fault.ts';
import { badInput } from '../input/document/report-faults.ts';
import { shownPath } from '../input/document/shown-path.ts';
import { findPlaybook, isTestFile, type PlaybookPlaces } from '../input/playbook/find-playbook.ts';
import { readPlaybook } from '../input/playbook/read-playbook.ts';
import type { Finding } from '../lint/finding.ts';
import type { ActionGrade } from '../lint/grade.ts';
import { readKitSurface } from '../lint/kit-surface.ts';
import { gradePlaybook, type LintedAction, lintOneAction, type PlaybookGrade } from './grade-actions.ts';

/** The grade of an action, by its id. */
export type ActionReport = ActionGrade & { readonly action: string };

/** What linting gave. */
export type LintReport = {
  /** Actions that were looked at, with their grades. */
  readonly actions: readonly ActionReport[];
  readonly playbooks: readonly PlaybookGrade[];
  /** Action by action, script by script, line by line; those that are allowed among them. */
  readonly findings: readonly Finding[];
};

/**
 * Lints playbooks (by id or path, with all actions that they use) and actions (by folder), or all of them below a folder.
 * @param kit the host kit's text
 * @throws Failure `bad-input` where something named is not there, or a playbook cannot be read
 */
export function lintFiles(names: readonly string[], places: PlaybookPlaces, kit: string): LintReport {
  const surface = readKitSurface(kit);
  const library = openActionLibrary(places);
  const linted = new Map<string, LintedAction>();
  const faults: InputFault[] = [];
  const lint = (action: Action | ActionScripts): LintedAction => {
    const key = resolve(action.folder);
    const known = linted.get(key) ?? lintOneAction(action, surface);
    linted.set(key, known);
    return known;
  };
  const playbooks: PlaybookGrade[] = [];
  for (const { name, kind } of names.flatMap((each) => targetsOf(each, places.projectDir))) {
    if (kind === 'action') {
      const read = readAction(resolve(places.projectDir, name));
      const scripts = read.ok ? read.value : read.scripts;
      if (scripts) lint(scripts);
      else if (!read.ok) faults.push(...read.faults);
      continue;
    }
    const found = valueOr(findPlaybook(name, places), faults);
    const loaded = found && readPlaybook(found, library);
    if (loaded?.ok === false) faults.push(...loaded.faults);
    if (loaded?.ok !== true) continue;
    for (const action of loaded.value.actions.values()) lint(action);
    playbooks.push(gradePlaybook(loaded.value, lint));
  }
  if (faults.length > 0) throw badInput(faults, places.projectDir);
  const findings = [...linted.values()].flatMap((each) => each.findings);
  const shown = findings.map((each) => ({ ...each, file: shownPath(each.file, places.projectDir) }));
  const actions = Array.from(linted, ([folder, { grade, causes }]) => ({ action: idOf(folder), grade, causes }));
  return { actions, playbooks, findings: shown };
}

/** `area/name`, from the folder. */
const idOf = (folder: string): string => folder.split(sep).slice(-2).join('/');

type Target = { readonly name: string; readonly kind: 'action' | 'playbook' };

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Whether a file says of itself that it is a playbook. */
const isPlaybook = (file: string): boolean =>
  /\.ya?ml$/.test(file) && !isTestFile(file) && /^kintsugi:\s*["']?playbook\//m.test(readFileSync(file, 'utf8'));

/** A folder stands for all actions and playbooks below it; anything else for itself. */
function targetsOf(name: string, projectDir: string): readonly Target[] {
  const path = resolve(projectDir, name);
  if (existsSync(join(path, 'action.yaml')) || existsSync(join(path, 'apply.ps1'))) return [{ name, kind: 'action' }];
  if (!isFolder(path)) return [{ name, kind: 'playbook' }];
  const below = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((each) => !each.split(sep).some((part) => part === 'node_modules' || part.startsWith('.')))
    .toSorted();
  const actions = below.filter((each) => /(?:^|[\\/])action\.yaml$/.test(each)).map((each) => join(name, each, '..'));
  const playbooks = below.filter((each) => isPlaybook(join(path, each))).map((each) => join(name, each));
  if (actions.length + playbooks.length === 0)
    throw badInput([
      optionFault(name, 'there is nothing to lint in this folder', { expected: 'actions or playbooks below it' }),
    ]);
  return [
    ...playbooks.map((each): Target => ({ name: each, kind: 'playbook' })),
    ...actions.map((each): Target => ({ name: each, kind: 'action' })),
  ];
}
