import type { HostCondition, HostEndName, WaitReason } from '../../journal/event-data.ts';
import type { StepReport } from '../run-report.ts';
import { english } from './english.ts';
import { japanese } from './japanese.ts';

/** The languages in which Kintsugi speaks to people. */
export type Language = 'en' | 'ja';

/** All words of the summary and the report in one language. */
export type Words = {
  readonly language: Language;
  readonly ends: { readonly [end in HostEndName]: string };
  readonly conditions: { readonly [condition in HostCondition]: string };
  readonly stepStates: { readonly [state in StepReport['state']]: string };
  readonly waits: { readonly [reason in WaitReason]: string };
  /** Names of orders by their codes. */
  readonly orderNames: { readonly [order: string]: string };
  /** What a person reads for a protection method of the host kit. */
  readonly methods: { readonly [method: string]: string };
  readonly running: string;
  readonly ended: string;
  readonly title: string;
  readonly run: string;
  readonly playbook: string;
  readonly state: string;
  readonly launched: string;
  readonly by: string;
  readonly ticket: string;
  readonly duration: string;
  readonly digest: string;
  readonly hosts: string;
  readonly host: string;
  readonly end: string;
  readonly hostNow: string;
  readonly stage: string;
  readonly step: string;
  readonly changes: string;
  readonly undone: string;
  readonly undoneCount: (count: number) => string;
  readonly reason: string;
  readonly nextStep: string;
  readonly checks: string;
  readonly goalBefore: string;
  readonly goal: string;
  readonly holds: string;
  readonly holdsNot: string;
  readonly protection: string;
  readonly user: string;
  readonly proven: string;
  readonly notProven: string;
  readonly none: string;
  readonly notReached: string;
  readonly before: string;
  readonly after: string;
  readonly change: string;
  readonly target: string;
  readonly rollback: string;
  readonly staying: string;
  readonly asBefore: (same: number, count: number) => string;
  readonly differing: string;
  readonly evidence: string;
  readonly rebootOwed: string;
  readonly reboots: (count: number) => string;
  readonly freeSpace: string;
  readonly attempts: (count: number) => string;
  readonly chain: (events: number, ok: boolean) => string;
  readonly refusals: string;
  readonly orders: string;
  readonly committed: string;
  readonly found: string;
  readonly position: (script: string, line: number | null) => string;
};

const tables: { readonly [language in Language]: Words } = { en: english, ja: japanese };

/** The words of a language. */
export function wordsOf(language: Language): Words {
  return tables[language];
}
