import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../src/kernel/canonical-json.ts';
import type { Json } from '../../../src/kernel/words.ts';
import type { Ledger, LedgerRecord } from '../../../src/remote/powershell/host-kit.ts';

/** What an apply script of the fake host does: values set one after another; `failAfter` lets it end with an error after so many. */
export type FakeStep = {
  readonly changes: readonly { readonly target: string; readonly value: string; readonly irreversible?: string }[];
  readonly failAfter?: number;
  readonly rebootRequired?: boolean;
  readonly verifyFails?: boolean;
  readonly impossible?: string;
  /** Runs as a task that outlives the session; done after so many questions. */
  readonly taskPolls?: number;
};

/** A script that works on the host without a worker watching: what a killed client leaves behind. */
export type Orphan = {
  readonly step: string;
  readonly intent: number;
  readonly token: number;
  next: number;
  alive: boolean;
};

/** A machine in memory: its values, its one ledger per run, its claim, and who changed what. It outlives every worker. */
export class FakeWorld {
  readonly values: Map<string, string>;
  readonly initial: ReadonlyMap<string, string>;
  readonly ledgers = new Map<string, LedgerRecord[]>();
  readonly orphans: Orphan[] = [];
  readonly violations: string[] = [];
  /** Names of the parameters whose values each session has been told. */
  readonly given: (readonly string[])[] = [];
  readonly restorePoints = new Set<string>();
  readonly weakened = new Set<string>();
  readonly steps: { readonly [step: string]: FakeStep };
  bootedAtMs = -86_400_000;
  pendingReboot: string[] = [];
  reboots = 0;
  released = 0;
  /** Whether what was weakened cannot be put back at the release. */
  staysWeak = false;
  changesMade = 0;
  checksPassed = false;
  rebootAtMs: number | null = null;
  undoFails = new Set<string>();
  noProtection = false;
  /** Who is signed in at a time (ms). */
  userAt: (nowMs: number) => string | null = () => 'hanako';
  /** Steps that are, for once, applied by another script. */
  failing: { readonly [step: string]: string } = {};

  constructor(initial: { readonly [target: string]: string }, steps: { readonly [step: string]: FakeStep }) {
    this.values = new Map(Object.entries(initial));
    this.initial = new Map(this.values);
    this.steps = steps;
  }

  scriptOf(step: string): FakeStep | undefined {
    return this.steps[this.failing[step] ?? step];
  }

  records(run: string): LedgerRecord[] {
    const records = this.ledgers.get(run) ?? [];
    this.ledgers.set(run, records);
    return records;
  }

  ledger(run: string): Ledger {
    return {
      exists: this.ledgers.has(run),
      records: [...(this.ledgers.get(run) ?? [])],
      tornTail: false,
      broken: false,
    };
  }

  write(
    run: string,
    kind: LedgerRecord['kind'],
    token: number,
    journalHead: string,
    data: { readonly [key: string]: Json },
  ) {
    const records = this.records(run);
    const place = { seq: records.length + 1, kind, token, at: '2026-11-21T00:00:00Z', journalHead, data };
    const unsealed = { ...place, prev: records.at(-1)?.hash ?? '0'.repeat(64) };
    const record = { ...unsealed, hash: createHash('sha256').update(canonicalJson(unsealed)).digest('hex') };
    records.push(record);
    return record;
  }

  claimOf(run: string): { token: number; open: boolean } {
    const records = this.ledgers.get(run) ?? [];
    const last = records.findLast(({ kind }) => kind === 'claim' || kind === 'released');
    return { token: records.findLast(({ kind }) => kind === 'claim')?.token ?? 0, open: last?.kind === 'claim' };
  }

  /** I4: only the newest claim may change anything. */
  holds(run: string, token: number): boolean {
    const claim = this.claimOf(run);
    return claim.open && claim.token === token;
  }

  /** Changes of a run that are made and not undone, oldest first. */
  openChanges(run: string, step: string | null): readonly LedgerRecord[] {
    const records = this.ledgers.get(run) ?? [];
    const undone = new Set(
      records.flatMap(({ kind, data }) => (kind === 'undone' && data['ok'] === true ? [data['of']] : [])),
    );
    return records.filter(
      ({ kind, seq, data }) => kind === 'before' && !undone.has(seq) && (step === null || data['step'] === step),
    );
  }

  /** Makes one change behind its before record. `between` is the moment between the two. */
  change(run: string, token: number, head: string, step: string, index: number, between: () => void): void {
    const planned = this.scriptOf(step)?.changes[index];
    if (planned === undefined) throw new RangeError(`no change ${index} of ${step}`);
    const { target, value, irreversible = null } = planned;
    const open = this.openChanges(run, null).some(({ data }) => data['target'] === target);
    const before = this.values.get(target) ?? null;
    this.write(run, 'before', token, head, { step, change: 'value', target, before, irreversible });
    between();
    if (open && before === value) this.violations.push(`I1: ${target} was changed twice`);
    if (!this.checksPassed) this.violations.push(`I2: ${target} was changed before preflight passed`);
    if (this.restorePoints.size === 0) this.violations.push(`I2: ${target} was changed without a restore point`);
    this.values.set(target, value);
    this.weakened.add(target);
    this.changesMade += 1;
  }

  /** Lets what works without a worker go on by one change each. */
  letOrphansWork(run: string): void {
    for (const orphan of this.orphans) {
      if (!orphan.alive) continue;
      const step = this.steps[orphan.step];
      if (step === undefined || !this.holds(run, orphan.token)) {
        orphan.alive = false;
        continue;
      }
      if (orphan.next === (step.failAfter ?? step.changes.length)) {
        orphan.alive = false;
        const ok = step.failAfter === undefined;
        this.write(run, 'outcome', orphan.token, '', {
          step: orphan.step,
          intent: orphan.intent,
          ok,
          changed: true,
          facts: {},
          rebootRequired: step.rebootRequired === true,
          message: ok ? '' : 'it broke',
        });
        continue;
      }
      this.change(run, orphan.token, '', orphan.step, orphan.next, () => undefined);
      orphan.next += 1;
    }
  }

  /** Whether every value is as it was before the run. */
  isAsBefore(): boolean {
    return canonicalJson(Object.fromEntries(this.values)) === canonicalJson(Object.fromEntries(this.initial));
  }

  /** Lets a requested restart take place when its time has come. */
  tick(nowMs: number): void {
    if (this.rebootAtMs === null || nowMs < this.rebootAtMs) return;
    this.bootedAtMs = this.rebootAtMs;
    this.rebootAtMs = null;
    this.reboots += 1;
    this.pendingReboot = [];
    for (const orphan of this.orphans) orphan.alive = false;
  }
}
