import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { openActionLibrary } from '../input/action/action-library.ts';
import { readAction } from '../input/action/read-action.ts';
import type { InputFault, Loaded } from '../input/document/fault.ts';
import { defaultMaxBytes } from '../input/document/read-document.ts';
import { readBytes } from '../input/document/read-file.ts';
import { formatFaults } from '../input/document/report-faults.ts';
import { readInventory } from '../input/inventory/read-inventory.ts';
import { findPlaybook, isTestFile, type PlaybookPlaces } from '../input/playbook/find-playbook.ts';
import { readPlaybook } from '../input/playbook/read-playbook.ts';
import { readPlaybookTest } from '../input/playbook-test/read-playbook-test.ts';

/** What checking one file gave; `text` is for people, `faults` for programs. */
export type ValidationResult = {
  readonly file: string;
  readonly ok: boolean;
  readonly faults: readonly InputFault[];
  readonly text: string;
};

/** Checks playbooks (by id or path, with all actions they use), their tests, action folders and inventories; every fault of every file. */
export function validateFiles(names: readonly string[], places: PlaybookPlaces): readonly ValidationResult[] {
  return names.map((name) => {
    const checked = check(name, places);
    const faults = checked.ok ? [] : checked.faults;
    return { file: name, ok: checked.ok, faults, text: checked.ok ? `${name}: ok` : formatFaults(faults) };
  });
}

function check(name: string, places: PlaybookPlaces): Loaded<unknown> {
  const path = resolve(places.projectDir, name);
  if (basename(path) === 'action.yaml') return readAction(dirname(path));
  if (existsSync(resolve(path, 'action.yaml'))) return readAction(path);
  if (isTestFile(path) && existsSync(path)) return readPlaybookTest(path, places, openActionLibrary(places));
  if (/\.ya?ml$/.test(path) && existsSync(path)) {
    const read = readBytes(path, defaultMaxBytes);
    if ('fault' in read) return { ok: false, faults: [read.fault] };
    if (/^\s*kintsugi\s*:\s*["']?inventory\//m.test(new TextDecoder().decode(read.bytes))) return readInventory(path);
  }
  const found = findPlaybook(name, places);
  return found.ok ? readPlaybook(found.value, openActionLibrary(places)) : found;
}
