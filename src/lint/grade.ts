import type { ReversibilityGrade } from '../kernel/words.ts';
import { valueOf } from './call.ts';
import type { Finding } from './finding.ts';
import { textsOf } from './flow.ts';
import { type IrreversibleCall, irreversibleCalls } from './irreversible-calls.ts';
import type { LintAction } from './lint-action.ts';
import type { LintScript } from './lint-script.ts';
import type { BothTexts } from './rule.ts';

/** How far a step can be taken back, best first. */
export const grades = ['A', 'B', 'C', 'D', 'E', 'F'] as const satisfies readonly ReversibilityGrade[];

/** What each grade means; docs/lint.md says it at length. */
export const gradeMeanings: Readonly<Record<ReversibilityGrade, BothTexts>> = {
  A: {
    en: 'every change has its exact inverse in the host kit, or nothing is changed',
    ja: 'すべての変更にホストキットの正確な逆操作があるか、何も変更しない',
  },
  B: {
    en: 'what cannot be undone is declared with its reason, and nobody needs it back: caches, logs, temporary files, damage that was repaired, a clock that was wrong, a restart',
    ja: '取り消せないものは理由とともに宣言され、戻す必要がない(キャッシュ、ログ、一時ファイル、修復された破損、ずれた時計、再起動)',
  },
  C: {
    en: 'what cannot be undone is declared and named, and somebody may need it back: settings, services, files',
    ja: '取り消せないものは宣言され特定されているが、戻す必要が生じ得る(設定、サービス、ファイル)',
  },
  D: {
    en: 'what cannot be undone is declared, but the scripts do not tell what it is',
    ja: '取り消せないことは宣言されているが、何が残るかをスクリプトから特定できない',
  },
  E: {
    en: 'something cannot be undone, and action.yaml does not say so',
    ja: '取り消せない変更があるのに action.yaml に宣言がない',
  },
  F: {
    en: 'something is changed past the host kit, or a script cannot be read: nothing records what was there',
    ja: 'ホストキットを通さない変更や読み取れないスクリプトがあり、変更前の状態が記録されない',
  },
};

/** The grade of an action, and what brought it there (as the scripts name it), worst first. */
export type ActionGrade = { readonly grade: ReversibilityGrade; readonly causes: readonly string[] };

/** Rules whose findings mean that something is changed that no record tells of. */
const pastKit = new Set([
  'change-past-kit',
  'program-past-kit',
  'detached-work',
  'change-in-read',
  'recorded-without-record',
  'unknown-command',
  'syntax',
  'powershell-7',
]);

/**
 * Grades an action by what it declares and by what was found in its scripts.
 * @param findings those of `lintAction`
 */
export function gradeAction(action: LintAction, findings: readonly Finding[]): ActionGrade {
  const found: { readonly grade: ReversibilityGrade; readonly cause: string }[] = [];
  for (const { rule, allowed, line, file } of findings)
    if (pastKit.has(rule))
      found.push({ grade: allowed === null ? 'F' : 'D', cause: `${rule} (${leafOf(file)}:${line ?? 1})` });
  const calls = action.scripts.flatMap((script) => irreversibleCalls(script).map((call) => ({ call, script })));
  const declared = action.terms.irreversible;
  for (const { call, script } of calls)
    found.push(declared === null ? { grade: 'E', cause: call.name } : judgeCall(call, script));
  if (calls.length === 0 && declared !== null) found.push({ grade: 'B', cause: declared.en });
  if (action.scripts.some(({ kind }) => kind === 'undo')) found.push({ grade: 'B', cause: 'undo.ps1' });
  const grade = worstOf(found.map((each) => each.grade));
  return { grade, causes: [...new Set(found.filter((each) => each.grade === grade).map(({ cause }) => cause))] };
}

/** The worst of grades; A of none. */
export const worstOf = (all: readonly ReversibilityGrade[]): ReversibilityGrade =>
  grades[Math.max(0, ...all.map((grade) => grades.indexOf(grade)))] ?? 'F';

const leafOf = (file: string): string => file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);

/** What functions change for good that take no `-Leaves`: nobody needs it back, or a proven backup comes first. */
const ownTargets: Readonly<Record<string, string>> = {
  'Step-KtClock': 'clock',
  'Repair-KtVolume': 'file system',
  'Install-KtUpdate': 'updates',
  'Receive-KtUpdate': 'cache of updates',
  'Update-KtSusdbIndex': 'wsus:database',
  'Remove-KtWsusUpdate': 'wsus:update',
  'Start-KtBackup': 'one image more',
};

function judgeCall(
  { node, name }: IrreversibleCall,
  script: LintScript,
): { readonly grade: ReversibilityGrade; readonly cause: string } {
  const losableByName = ownTargets[name];
  if (losableByName !== undefined) return { grade: 'B', cause: losableByName };
  const left = textsOf(valueOf(node, name === 'Remove-KtItem' ? 'root' : 'leaves'), script);
  if (left === null || left.length === 0) return { grade: 'D', cause: name };
  const needed = left.find((each) => !mayGo(each));
  return needed === undefined ? { grade: 'B', cause: [...new Set(left)].join(', ') } : { grade: 'C', cause: needed };
}

/** What Windows puts there again by itself, or nobody needs: names of `-Leaves`, and places of caches, logs and temporary files. */
const losable = [
  /^(?:component-store|system-files|clock|windows)$/,
  /\\\$windows\.~bt(?:\\|$)/,
  /\\(?:temp|tmp|inetcache|cache|caches|logs|logfiles|crashdumps|minidump|prefetch|deliveryoptimization)(?:\\|$)/,
  /\\softwaredistribution\\download(?:\\|$)/,
  /\\wer\\report(?:archive|queue)(?:\\|$)/,
  /\\\$recycle\.bin(?:\\|$)/,
  // a browser that renews itself, with its entry in the list of programs
  /\\(?:google\\chrome|google\\update|microsoft\\edge|microsoft\\edgeupdate)(?:\\|$)/,
  /\\currentversion\\uninstall$/,
  /\.(?:log|etl|dmp|tmp|bak)$/,
];

const mayGo = (left: string): boolean => {
  const plain = left.toLowerCase();
  return !plain.includes('..') && losable.some((each) => each.test(plain));
};
