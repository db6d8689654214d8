import { checkDocument } from '../document/check-document.ts';
import type { Loaded } from '../document/fault.ts';
import { readDocumentFile } from '../document/read-file.ts';

/** Reads and checks a lab file (`schemas/lab.schema.json`); every fault at once. `T` is the type the schema stands for. */
export function readLab<T>(file: string): Loaded<T> {
  const read = readDocumentFile(file);
  return read.ok ? checkDocument<T>(read.value, 'lab') : read;
}
