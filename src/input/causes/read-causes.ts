import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkDocument } from '../document/check-document.ts';
import type { InputFault, Loaded } from '../document/fault.ts';
import { readDocumentFile } from '../document/read-file.ts';
import type { SourceDocument } from '../document/source-document.ts';
import { compileCondition } from '../playbook/condition.ts';
import type { Cause, CausesDocument, Probe } from './causes.generated.ts';

/** The probes and causes of all files together, by name and by id. */
export type Causes = {
  readonly probes: { readonly [name: string]: Probe };
  readonly causes: { readonly [id: string]: Cause };
};

type Read = { readonly source: SourceDocument; readonly document: CausesDocument };

/** Reads all files of causes (`*.yaml`) of a folder as one, and checks names and conditions: evidence may speak of the probes of any file. */
export function readCauses(folder: string): Loaded<Causes> {
  const faults: InputFault[] = [];
  const files: Read[] = [];
  for (const name of readdirSync(folder).toSorted())
    if (name.endsWith('.yaml')) {
      const read = readDocumentFile(join(folder, name));
      const checked = read.ok ? checkDocument<CausesDocument>(read.value, 'causes') : read;
      if (!checked.ok) faults.push(...checked.faults);
      else if (read.ok) files.push({ source: read.value, document: checked.value });
    }
  const probes = merged(files, 'probes', ({ probes: some = {} }) => some, faults);
  const causes = merged(files, 'causes', ({ causes: some }) => some, faults);
  if (faults.length === 0) for (const file of files) checkConditions(file, Object.keys(probes), faults);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: { probes, causes } };
}

/** One table of those of the files; a name that two files have is a fault of the later one. */
function merged<T>(
  files: readonly Read[],
  key: 'probes' | 'causes',
  tableOf: (document: CausesDocument) => { readonly [name: string]: T },
  faults: InputFault[],
): { readonly [name: string]: T } {
  const all = new Map<string, T>();
  for (const { source, document } of files)
    for (const [name, value] of Object.entries(tableOf(document))) {
      if (all.has(name)) {
        const message = `\`${name}\` stands in another file of causes, too`;
        faults.push(source.fault([key, name], { message, expected: 'a name of its own', atKey: true }));
      }
      all.set(name, value);
    }
  return Object.fromEntries(all);
}

function checkConditions({ source, document }: Read, probes: readonly string[], faults: InputFault[]): void {
  const check = (when: string, at: readonly (string | number)[], roots: readonly string[]): void => {
    const compiled = compileCondition(when);
    if (!compiled.ok) {
      const expected = 'a condition in CEL, as `steps.clock.facts.skewSeconds > 300.0`';
      faults.push(source.fault(at, { message: `the condition is wrong: ${compiled.message}`, expected }));
      return;
    }
    for (const { path } of compiled.condition.references) {
      const [root = '', name] = path;
      if (!roots.includes(root))
        faults.push(source.fault(at, { message: `\`${root}\` is not known here`, expected: roots.join(' or ') }));
      else if (root === 'steps' && name !== undefined && !probes.includes(name))
        faults.push(source.fault(at, { message: `there is no probe \`${name}\``, expected: probes.join(', ') }));
    }
  };
  for (const [name, { when }] of Object.entries(document.probes ?? {}))
    if (when !== undefined) check(when, ['probes', name, 'when'], ['facts']);
  for (const [id, { evidence }] of Object.entries(document.causes))
    for (const [index, { when }] of evidence.entries())
      check(when, ['causes', id, 'evidence', index, 'when'], ['facts', 'steps']);
}
