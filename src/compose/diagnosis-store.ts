import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DiagnosisStore, KeptDiagnosis } from '../operations/diagnose/compare-diagnoses.ts';

/** Keeps the last diagnosis of each host in a file of its own. A file that cannot be read is as none: the next one replaces it. */
export function openDiagnosisStore(folder: string): DiagnosisStore {
  const fileOf = (host: string): string => join(folder, `${encodeURIComponent(host)}.json`);
  return {
    last(host) {
      try {
        const kept: unknown = JSON.parse(readFileSync(fileOf(host), 'utf8'));
        return isKept(kept) ? kept : null;
      } catch {
        return null;
      }
    },
    keep(host, diagnosis) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(fileOf(host), JSON.stringify(diagnosis), { mode: 0o600 });
    },
  };
}

const isKept = (value: unknown): value is KeptDiagnosis =>
  typeof value === 'object' &&
  value !== null &&
  'at' in value &&
  typeof value.at === 'string' &&
  'causes' in value &&
  Array.isArray(value.causes) &&
  value.causes.every(
    (cause: unknown) =>
      typeof cause === 'object' &&
      cause !== null &&
      'id' in cause &&
      typeof cause.id === 'string' &&
      'title' in cause &&
      typeof cause.title === 'object',
  );
