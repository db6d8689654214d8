import { checkDocument } from '../document/check-document.ts';
import type { Loaded } from '../document/fault.ts';
import { readDocumentFile } from '../document/read-file.ts';
import { checkDisturbances } from './check-disturbances.ts';
import type { LabDocument } from './lab.generated.ts';

/** Reads and checks a lab file (`schemas/lab.schema.json`); every fault at once. */
export function readLab(file: string): Loaded<LabDocument> {
  const read = readDocumentFile(file);
  if (!read.ok) return read;
  const checked = checkDocument<LabDocument>(read.value, 'lab');
  if (!checked.ok) return checked;
  const faults = checkDisturbances(read.value, checked.value.hosts, ['hosts']);
  return faults.length === 0 ? checked : { ok: false, faults };
}
