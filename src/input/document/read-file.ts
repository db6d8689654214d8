import { readFileSync, statSync } from 'node:fs';
import { type InputFault, type Loaded, optionFault } from './fault.ts';
import { defaultMaxBytes, type ReadOptions, readDocument } from './read-document.ts';
import type { SourceDocument } from './source-document.ts';

/** Reads a file of ours; one that is missing, a folder, unreadable or enormous is a fault. Pipes are read, too. */
export function readDocumentFile(file: string, options: ReadOptions = {}): Loaded<SourceDocument> {
  const bytes = readBytes(file, options.maxBytes ?? defaultMaxBytes);
  return 'fault' in bytes ? { ok: false, faults: [bytes.fault] } : readDocument(bytes.bytes, file, options);
}

/** The bytes of a file of at most `maxBytes`, which is looked at before it is read. */
export function readBytes(
  file: string,
  maxBytes: number,
): { readonly bytes: Uint8Array } | { readonly fault: InputFault } {
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) return { fault: optionFault(file, 'there is no such file') };
    if (stat.isDirectory()) return { fault: optionFault(file, 'this is a folder', { expected: 'a file' }) };
    if (stat.size > maxBytes) {
      const message = `the file has ${stat.size} bytes; the limit is ${maxBytes}`;
      return { fault: optionFault(file, message, { expected: 'a smaller file; split it' }) };
    }
    return { bytes: readFileSync(file) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { fault: optionFault(file, `the file cannot be read (${code})`) };
  }
}
