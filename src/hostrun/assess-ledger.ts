import type { LedgerReading } from '../journal/event.ts';
import type { LedgerMark, MadeChange } from '../journal/event-data.ts';
import type { Json } from '../kernel/words.ts';
import type { Ledger, LedgerRecord } from '../remote/powershell/host-kit.ts';

/** What the journal knows, beside which the ledger is read. */
export type JournalKnowledge = {
  /** Hashes of all events of this host run. */
  readonly hashes: ReadonlySet<string>;
  /** The last record of the ledger that the journal has noted. */
  readonly mark: LedgerMark | null;
  /** Whether this attempt holds the claim. */
  readonly claimed: boolean;
  /** The step that the journal has as begun, if any. */
  readonly begun: string | null;
};

/**
 * How a host's ledger stands to the journal: a ledger without the record that the journal noted is behind (a checkpoint was
 * reverted, a file lost) and never read as "not begun"; a record that names an event which the journal lacks shows that the journal was cut (I10).
 */
export function assessLedger(ledger: Ledger, knowledge: JournalKnowledge): LedgerReading {
  const { records } = ledger;
  const last = records.at(-1);
  const { standing, detail } = standingOf(ledger, knowledge);
  const open = openIntent(records);
  const { begun } = knowledge;
  return {
    standing,
    detail,
    records: records.length,
    ledger: last === undefined ? null : { seq: last.seq, hash: last.hash },
    claimed: knowledge.claimed,
    unended: open === null ? null : { step: stepNameOf(open), seq: open.seq },
    inDoubt: begun === null ? false : isInDoubt(records, begun),
    outcome: begun === null ? null : outcomeOf(records, begun),
    undoneByHost: records.some(({ kind, data }) => kind === 'undone' && textOf(data['by']).startsWith('deadman')),
  };
}

/** The last intent, if no outcome follows it: whatever wrote it may still work, or died. */
export function openIntent(records: readonly LedgerRecord[]): LedgerRecord | null {
  const intent = records.findLast(({ kind }) => kind === 'intent');
  return intent === undefined || outcomeAfter(records, intent) !== null ? null : intent;
}

function isInDoubt(records: readonly LedgerRecord[], step: string): boolean {
  const intent = records.findLast((record) => record.kind === 'intent' && stepNameOf(record) === step);
  return intent !== undefined && outcomeAfter(records, intent) === null;
}

function outcomeAfter(records: readonly LedgerRecord[], intent: LedgerRecord): LedgerRecord | null {
  const later = records.slice(records.indexOf(intent) + 1);
  return later.find(({ kind, data }) => kind === 'outcome' && data['intent'] === intent.seq) ?? null;
}

/** The changes that an attempt at a step has made, oldest first. */
export function changesOf(records: readonly LedgerRecord[], step: string): readonly MadeChange[] {
  const begun = records.findLastIndex((record) => record.kind === 'intent' && stepNameOf(record) === step);
  return records.slice(Math.max(begun, 0)).flatMap((record) =>
    record.kind === 'before' && stepNameOf(record) === step
      ? [
          {
            seq: record.seq,
            change: textOf(record.data['change']),
            target: textOf(record.data['target']),
            before: record.data['before'] ?? null,
          },
        ]
      : [],
  );
}

function standingOf(ledger: Ledger, { hashes, mark }: JournalKnowledge): Pick<LedgerReading, 'standing' | 'detail'> {
  if (ledger.broken) return { standing: 'broken', detail: 'its hash chain does not hold.' };
  const held = mark === null ? null : ledger.records.find(({ seq }) => seq === mark.seq);
  if (mark !== null && held?.hash !== mark.hash) {
    const detail = `record ${mark.seq}, which the journal has noted, is ${held === undefined ? 'missing' : 'another one'}.`;
    return { standing: 'behind', detail };
  }
  const stranger = ledger.records.find(({ journalHead }) => !isKnown(journalHead, hashes));
  if (stranger === undefined) return { standing: 'whole', detail: '' };
  const detail = `record ${stranger.seq} names event ${stranger.journalHead.slice(0, 12)}, which the journal lacks.`;
  return { standing: 'journal-cut', detail };
}

/** Before the first claim there is no head to name. */
function isKnown(head: string, hashes: ReadonlySet<string>): boolean {
  return head === '' || hashes.has(head);
}

function outcomeOf(records: readonly LedgerRecord[], step: string): LedgerReading['outcome'] {
  const intent = records.findLast((record) => record.kind === 'intent' && stepNameOf(record) === step);
  const record = intent === undefined ? null : outcomeAfter(records, intent);
  if (record === null) return null;
  const { data } = record;
  return {
    step,
    ok: data['ok'] === true,
    changed: data['changed'] === true,
    facts: data['facts'] ?? null,
    rebootRequired: data['rebootRequired'] === true,
    message: textOf(data['message']),
    changes: changesOf(records, step),
  };
}

function stepNameOf(record: LedgerRecord): string {
  return textOf(record.data['step']);
}

/** A text of the ledger, or an empty one where it holds none. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
