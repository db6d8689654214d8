import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { ActionScripts } from '../input/action/action.ts';
import { openActionLibrary } from '../input/action/action-library.ts';
import { readAction } from '../input/action/read-action.ts';
import { checkConfig } from '../input/config/read-settings.ts';
import { type InputFault, type Loaded, optionFault } from '../input/document/fault.ts';
import { readDocumentFile } from '../input/document/read-file.ts';
import { formatFaults } from '../input/document/report-faults.ts';
import { shownPath } from '../input/document/shown-path.ts';
import { readInventory } from '../input/inventory/read-inventory.ts';
import { readLab } from '../input/lab/read-lab.ts';
import { findPlaybook, isTestFile, type PlaybookPlaces, readAliasFile } from '../input/playbook/find-playbook.ts';
import { type PlaybookReading, readPlaybook } from '../input/playbook/read-playbook.ts';
import { readPlaybookTest, type TestFilePlaces } from '../input/playbook-test/read-playbook-test.ts';
import { closest } from '../kernel/suggestion.ts';
import { checkScripts, functionNames } from './check-scripts.ts';

/** What checking one file gave; `text` is for people, `faults` for programs. */
export type ValidationResult = {
  readonly file: string;
  readonly ok: boolean;
  readonly faults: readonly InputFault[];
  readonly text: string;
};

/** A file's faults, and the actions whose scripts come with it. */
type Checked = { readonly faults: readonly InputFault[]; readonly scripts: readonly ActionScripts[] };

const isDocument = /\.ya?ml$/;

type CheckFile = (path: string, places: TestFilePlaces) => Checked;

const alone = (loaded: Loaded<unknown>): Checked => ({ faults: loaded.ok ? [] : loaded.faults, scripts: [] });
const withScripts = (loaded: PlaybookReading): Checked =>
  loaded.ok ? { faults: [], scripts: [...loaded.value.actions.values()] } : loaded;

const checkPlaybook = (idOrPath: string, places: PlaybookPlaces): Checked => {
  const found = findPlaybook(idOrPath, places);
  return found.ok ? withScripts(readPlaybook(found.value, openActionLibrary(places))) : alone(found);
};

const checkAction = (path: string): Checked => {
  const loaded = readAction(path);
  if (loaded.ok) return { faults: [], scripts: [loaded.value] };
  return { faults: loaded.faults, scripts: loaded.scripts === null ? [] : [loaded.scripts] };
};

const checkTest: CheckFile = (path, places) => {
  const loaded = readPlaybookTest(path, places, openActionLibrary(places));
  return loaded.ok ? withScripts({ ok: true, value: loaded.value.loaded }) : loaded;
};

/** Formats that people write, as their files name them. */
const formats: Readonly<Record<string, CheckFile>> = {
  playbook: checkPlaybook,
  'playbook-test': checkTest,
  action: (path) => {
    if (basename(path) === 'action.yaml') return checkAction(dirname(path));
    const expected = '`actions/<area>/<name>/action.yaml`, with its scripts beside it';
    return { scripts: [], faults: [optionFault(path, 'the file of an action is called action.yaml', { expected })] };
  },
  inventory: (path) => alone(readInventory(path)),
  lab: (path, { tryHost }) => alone(readLab(path, tryHost)),
  config: (path) => alone(checkConfig(path)),
};

/** Formats that Kintsugi itself writes, and what reads them. */
const written: Readonly<Record<string, string>> = {
  plan: 'a plan is made anew by `kintsugi plan` and `kintsugi run`',
  report: 'a report is written by `kintsugi report`',
  'test-report': 'a report of tests is written by `kintsugi test --json`',
  tape: 'a tape is written by `kintsugi record`',
};

/**
 * Checks playbooks (by id or path, with all actions they use and their scripts), tests of playbooks, actions, inventories, lab files and
 * kintsugi.yaml, or all of them below a folder: every fault of every file.
 * @param kit text of the host kit, whose functions scripts may call
 */
export function validateFiles(
  names: readonly string[],
  places: TestFilePlaces,
  kit: string,
): readonly ValidationResult[] {
  let functions: readonly string[] | undefined;
  return names
    .flatMap((name) => filesOf(name, places.projectDir))
    .map((name) => {
      const checked = check(name, places);
      const found = [
        ...checked.faults,
        ...checked.scripts.flatMap((each) => checkScripts(each, (functions ??= functionNames(kit)))),
      ];
      const faults = found.map((fault) => ({ ...fault, file: shownPath(fault.file, places.projectDir) }));
      const ok = faults.length === 0;
      return { file: name, ok, faults, text: ok ? `${name}: ok` : formatFaults(faults) };
    });
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** A folder stands for all playbooks, tests, actions and other files of ours below it; anything else for itself. */
function filesOf(name: string, projectDir: string): readonly string[] {
  const folder = resolve(projectDir, name);
  if (!isFolder(folder) || existsSync(join(folder, 'action.yaml'))) return [name];
  const below = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(
      (each) =>
        isDocument.test(each) && !each.split(sep).some((part) => part === 'node_modules' || part.startsWith('.')),
    )
    .toSorted();
  return below.length === 0 ? [name] : below.map((each) => join(name, each));
}

function check(name: string, places: TestFilePlaces): Checked {
  const path = resolve(places.projectDir, name);
  if (existsSync(resolve(path, 'action.yaml'))) return checkAction(path);
  if (isFolder(path) && !isDocument.test(path)) {
    const expected = 'playbooks, tests, actions or other files of Kintsugi below it';
    return alone({ ok: false, faults: [optionFault(name, 'there is nothing to check in this folder', { expected })] });
  }
  if (!isDocument.test(path) || !existsSync(path)) return checkPlaybook(name, places);
  if (/^aliases\.ya?ml$/.test(basename(path))) return alone(readAliasFile(path));
  // An inventory may hold what no message shows.
  const read = readDocumentFile(path, { sensitive: true });
  if (!read.ok) return alone(read);
  const { value } = read.value;
  const given = typeof value === 'object' && value !== null && 'kintsugi' in value ? value.kintsugi : null;
  const format = given === null || typeof given === 'string' ? given : JSON.stringify(given);
  const kind = format?.split('/')[0] ?? (isTestFile(path) ? 'playbook-test' : null);
  const checkFile = kind !== null && Object.hasOwn(formats, kind) ? formats[kind] : undefined;
  if (checkFile) return checkFile(path, places);
  const known = Object.keys(formats).map((each) => `${each}/v1`);
  const near = format === null ? null : closest(format, known);
  const words = {
    message:
      format === null
        ? 'the key `kintsugi` is missing, which tells what file this is'
        : `no file that people write is of the format \`${format}\``,
    expected: `kintsugi: ${known.join(', ')}`,
    suggestion: near === null ? (written[kind ?? ''] ?? null) : `did you mean \`${near}\`?`,
  };
  return { scripts: [], faults: [read.value.fault(['kintsugi'], words)] };
}
