import { checkDocument } from '../document/check-document.ts';
import type { InputFault, Loaded } from '../document/fault.ts';
import { readDocumentFile } from '../document/read-file.ts';
import { compileCondition } from '../playbook/condition.ts';
import type { CausesDocument } from './causes.generated.ts';

/** Reads a file of causes, and checks the conditions of their evidence. */
export function readCauses(file: string): Loaded<CausesDocument> {
  const read = readDocumentFile(file);
  if (!read.ok) return read;
  const source = read.value;
  const checked = checkDocument<CausesDocument>(source, 'causes');
  if (!checked.ok) return { ok: false, faults: checked.faults };
  const faults: InputFault[] = [];
  const { probes, causes } = checked.value;
  for (const [id, { evidence }] of Object.entries(causes))
    for (const [index, { when }] of evidence.entries()) {
      const at = ['causes', id, 'evidence', index, 'when'];
      const compiled = compileCondition(when);
      if (!compiled.ok) {
        const expected = 'a condition in CEL, as `steps.clock.facts.skewSeconds > 300.0`';
        faults.push(source.fault(at, { message: `the condition is wrong: ${compiled.message}`, expected }));
        continue;
      }
      for (const { path } of compiled.condition.references) {
        const [root, name] = path;
        if (root === 'steps' && name !== undefined && !Object.hasOwn(probes, name))
          faults.push(
            source.fault(at, { message: `there is no probe \`${name}\``, expected: Object.keys(probes).join(', ') }),
          );
      }
    }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: checked.value };
}
