import { createHash } from 'node:crypto';
import type { Json } from '../../kernel/words.ts';
import type { Ledger, LedgerRecord } from './host-kit.ts';

/** `prev` of a ledger's first record. */
const genesis = '0'.repeat(64);

/** How a line ends: `,"hash":"<64 hex digits>"}`; the hash covers the line without it. */
const tail = /,"hash":"([0-9a-f]{64})"\}$/;

const kinds: ReadonlySet<string> = new Set<LedgerRecord['kind']>([
  'claim',
  'intent',
  'before',
  'outcome',
  'undone',
  'released',
]);

/**
 * Reads a ledger's text as it lies on the host (one JSON record a line, each bound to the one before by SHA-256).
 * A last line without line feed was never acknowledged and is left out; records from the first break of the chain on are left out too.
 */
export function parseLedger(text: string): Ledger {
  const end = text.lastIndexOf('\n');
  const records: LedgerRecord[] = [];
  let prev = genesis;
  let broken = false;
  for (const line of end < 0 ? [] : text.slice(0, end).split('\n')) {
    const record = parseRecord(line);
    if (record === undefined || record.prev !== prev || record.seq !== records.length + 1) {
      broken = true;
      break;
    }
    records.push(record);
    prev = record.hash;
  }
  return { exists: true, records, tornTail: end + 1 < text.length, broken };
}

function parseRecord(line: string): LedgerRecord | undefined {
  const hash = tail.exec(line)?.[1];
  if (hash === undefined) return undefined;
  const body = `${line.slice(0, line.length - 75)}}`;
  if (createHash('sha256').update(body, 'utf8').digest('hex') !== hash) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is LedgerRecord {
  if (typeof value !== 'object' || value === null) return false;
  const fields: { readonly [name: string]: Json | undefined } = { ...value };
  return (
    typeof fields['kind'] === 'string' &&
    kinds.has(fields['kind']) &&
    typeof fields['seq'] === 'number' &&
    typeof fields['token'] === 'number' &&
    typeof fields['at'] === 'string' &&
    typeof fields['prev'] === 'string' &&
    typeof fields['hash'] === 'string' &&
    typeof fields['journalHead'] === 'string' &&
    typeof fields['data'] === 'object' &&
    fields['data'] !== null &&
    !Array.isArray(fields['data'])
  );
}
