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
  if (checked.rest === null) return checked;
  const { value, source } = checked.rest;
  const faults = [
    ...(checked.ok ? [] : checked.faults),
    ...checkHosts(checked.rest, value.hosts, ['hosts'], tryHost),
    ...checkDisturbances(source, value.hosts, ['hosts']),
    ...checkEndpoints(source, value.hosts),
  ];
  return checked.ok && faults.length === 0 ? checked : { ok: false, faults };
}
