import type { Cause, Evidence } from '../../input/causes/causes.generated.ts';
import type { Causes } from '../../input/causes/read-causes.ts';
import { compileCondition } from '../../input/playbook/condition.ts';
import type { HostFacts } from '../../kernel/host-facts.ts';
import type { Json, LocalText } from '../../kernel/words.ts';
import { type ConditionScope, evaluateWhen } from '../../planning/condition.ts';

/** A piece of evidence that holds on a host. */
export type FoundEvidence = {
  /** Above 0 it speaks for the cause, below 0 against it. */
  readonly points: number;
  /** What was found, in words. */
  readonly says: LocalText;
};

/** A cause that something speaks for. */
export type FoundCause = {
  readonly id: string;
  readonly title: LocalText;
  /** 0 to 1. */
  readonly confidence: number;
  readonly evidence: readonly FoundEvidence[];
  /** What repairs it, with its parameters, or null. */
  readonly playbook: { readonly id: string; readonly with: { readonly [name: string]: Json } } | null;
  readonly advice: LocalText | null;
};

/** What the judgement of a host has come to. */
export type Judgement = {
  /** Best first. */
  readonly causes: readonly FoundCause[];
  /** Evidence that the facts do not decide, and why. */
  readonly undecided: readonly { readonly cause: string; readonly reason: string }[];
};

/** What the probes of a host have found. */
export type Findings = {
  readonly host: string;
  readonly facts: HostFacts;
  /** Facts by probe; null where a probe gave no answer, nothing where it does not concern the host. */
  readonly probes: { readonly [probe: string]: Json };
};

/** What people see of the fault: error codes as `0x80070002`, areas as `wu`; where there are none, anything is looked for. */
export type Complaint = { readonly codes: readonly string[]; readonly areas: readonly string[] };

/** About 5 %: how likely a cause is before anything is known. */
const usualPrior = -3;
/** What a code adds that is asked for, and takes where other codes are. */
const codePoints = 2;
/** What an area adds that a symptom speaks of, and takes where it speaks of others. */
const areaPoints = 1;
/** From here on a cause is named. */
const leastConfidence = 0.3;

/**
 * Ranks causes by what speaks for and against them: log-odds add up (a naive Bayes), the best first. A cause that nothing speaks for is
 * none, however likely it is by its codes alone.
 */
export function judgeCauses({ causes }: Pick<Causes, 'causes'>, findings: Findings, complaint: Complaint): Judgement {
  const scope = scopeOf(findings);
  const judged = Object.entries(causes).map(([id, cause]) => judge(id, cause, scope, complaint));
  return {
    causes: judged
      .map(({ found }) => found)
      .filter(({ evidence, confidence }) => evidence.some(({ points }) => points > 0) && confidence >= leastConfidence)
      .toSorted((a, b) => b.confidence - a.confidence || (a.id < b.id ? -1 : 1)),
    undecided: judged.flatMap(({ found, undecided }) => undecided.map((reason) => ({ cause: found.id, reason }))),
  };
}

function judge(
  id: string,
  cause: Cause,
  scope: ConditionScope,
  complaint: Complaint,
): { readonly found: FoundCause; readonly undecided: readonly string[] } {
  const outcomes = cause.evidence
    .filter(({ when }) => concerns(when, scope))
    .map((piece) => ({ piece, outcome: evaluateWhen(piece.when, scope) }));
  const evidence = outcomes.flatMap(({ piece, outcome }) =>
    outcome.kind === 'told' && outcome.holds ? [{ points: piece.points, says: saysOf(piece, scope) }] : [],
  );
  const told = shares(cause.codes, complaint.codes) * codePoints + shares(cause.areas, complaint.areas) * areaPoints;
  const points = evidence.reduce((sum, piece) => sum + piece.points, (cause.prior ?? usualPrior) + told);
  const found = {
    id,
    title: cause.title,
    confidence: 1 / (1 + Math.exp(-points)),
    evidence: evidence.toSorted((a, b) => b.points - a.points),
    playbook: cause.playbook === undefined ? null : { id: cause.playbook.id, with: cause.playbook.with ?? {} },
    advice: cause.advice ?? null,
  };
  return {
    found,
    undecided: outcomes.flatMap(({ outcome }) => (outcome.kind === 'cannot-tell' ? [outcome.reason] : [])),
  };
}

/** Whether all probes that a condition speaks of were asked. */
function concerns(when: string, { steps }: ConditionScope): boolean {
  const compiled = compileCondition(when);
  if (!compiled.ok) return true;
  return compiled.condition.references.every(
    ({ path: [root, name] }) => root !== 'steps' || name === undefined || Object.hasOwn(steps, name),
  );
}

/** 1 where a cause has something of what is complained of, -1 where it has only other things, 0 where either says nothing. */
function shares(own: readonly string[] = [], complained: readonly string[]): 1 | 0 | -1 {
  if (own.length === 0 || complained.length === 0) return 0;
  return complained.some((each) => own.includes(each)) ? 1 : -1;
}

function scopeOf({ host, facts, probes }: Findings): ConditionScope {
  const steps = Object.entries(probes).map(
    ([probe, found]) => [probe, { needed: false, changed: false, facts: found }] as const,
  );
  return {
    facts: { ...facts },
    host: { id: host, rebootOwed: facts.pendingReboot.length > 0 },
    params: {},
    steps: Object.fromEntries(steps),
  };
}

/** The words of a piece of evidence with the facts in their places. */
function saysOf({ says }: Evidence, scope: ConditionScope): LocalText {
  const filled = (text: string): string =>
    text.replace(/\{([\w.]+)\}/g, (_, path: string) => valueText(path.split('.').reduce(childOf, scope)));
  return says.ja === undefined ? { en: filled(says.en) } : { en: filled(says.en), ja: filled(says.ja) };
}

function childOf(value: unknown, name: string): unknown {
  return isTable(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

const isTable = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null;

function valueText(value: unknown): string {
  if (value === undefined) return '?';
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  if (isTable(value)) return Object.values(value).map(valueText).join(' ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
