import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { type InputFault, type Loaded, optionFault } from '../../input/document/fault.ts';
import { findPlaybook, isTestFile, type PlaybookPlaces } from '../../input/playbook/find-playbook.ts';

/**
 * Test files for what was typed: a test file, a folder with all below it, or a playbook (by id or path) with the test beside it. Where
 * nothing is named, all of the project, or the shipped ones where it has none.
 */
export function findTests(names: readonly string[], places: PlaybookPlaces): Loaded<readonly string[]> {
  if (names.length === 0) {
    const own = testsBelow(join(places.projectDir, 'playbooks'));
    const all = own.length > 0 ? own : testsBelow(places.shippedDir);
    return all.length > 0 ? { ok: true, value: all } : { ok: false, faults: [noTest(places.projectDir)] };
  }
  const faults: InputFault[] = [];
  const files = names.flatMap((name) => {
    const found = findOne(name, places);
    if (!found.ok) faults.push(...found.faults);
    return found.ok ? found.value : [];
  });
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: [...new Set(files)] };
}

function findOne(name: string, places: PlaybookPlaces): Loaded<readonly string[]> {
  const path = resolve(places.projectDir, name);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory() === true) {
    const below = testsBelow(path);
    return below.length > 0 ? { ok: true, value: below } : { ok: false, faults: [noTest(name)] };
  }
  if (stat !== undefined && isTestFile(path)) return { ok: true, value: [path] };
  const playbook = findPlaybook(name, places);
  if (!playbook.ok) return playbook;
  const beside = ['.test.yaml', '.test.yml']
    .map((ending) => playbook.value.file.replace(/\.ya?ml$/, ending))
    .find((file) => existsSync(file));
  return beside === undefined ? { ok: false, faults: [noTest(name)] } : { ok: true, value: [beside] };
}

function testsBelow(root: string): readonly string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => isTestFile(name) && !name.split(sep).includes('node_modules'))
    .toSorted()
    .map((name) => join(root, name));
}

const noTest = (name: string): InputFault =>
  optionFault(name, 'there is no test here', {
    expected: 'a file that ends in .test.yaml, as fix.test.yaml beside the playbook fix.yaml',
  });
