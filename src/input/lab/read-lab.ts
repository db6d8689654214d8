import { checkDocument } from '../document/check-document.ts';
import type { Loaded } from '../document/fault.ts';
import { readDocumentFile } from '../document/read-file.ts';
import { checkDisturbances } from './check-disturbances.ts';
import { checkEndpoints } from './check-endpoints.ts';
import { checkHosts, type TryHost } from './check-hosts.ts';
import type { LabDocument } from './lab.generated.ts';

/** Reads and checks a lab file (`schemas/lab.schema.json`), and that its hosts can be made; every fault at once. */
export function readLab(file: string, tryHost: TryHost): Loaded<LabDocument> {
  const read = readDocumentFile(file);
  if (!read.ok) return read;
  const checked = checkDocument<LabDocument>(read.value, 'lab');
  if (!checked.ok) return checked;
  const { hosts } = checked.value;
  const faults = [
    ...checkHosts(read.value, hosts, ['hosts'], tryHost),
    ...checkDisturbances(read.value, hosts, ['hosts']),
    ...checkEndpoints(read.value, hosts),
  ];
  return faults.length === 0 ? checked : { ok: false, faults };
}
