import { durationText, localText } from './figures.ts';
import { oneLine, printable } from './printable.ts';
import type { HostReport, RunReport, StageReport, StepReport, UndoReport } from './run-report.ts';
import { summaryText } from './summary.ts';
import { reasonText } from './words/causes.ts';
import { type Language, type Words, wordsOf } from './words/words.ts';

const remark = (text: string): string => (text === '' ? '' : `: ${text}`);

const stepLines = (step: StepReport, words: Words): readonly string[] => {
  const { fault } = step;
  const place = fault
    ? [words.position(fault.script, fault.line), fault.hresult ?? ''].filter((text) => text !== '')
    : [];
  const detail = fault ? [fault.message, ...place].join(' ') : step.reason;
  return [
    `    ${step.id} ${step.action}: ${words.stepStates[step.state]}${detail === '' ? '' : `, ${detail}`} (${durationText(step.durationMs)})`,
    ...step.changes.map(({ seq, change, target }) => `      ${seq} ${change} ${target}`),
  ];
};

const stageLines = (stage: StageReport, words: Words): readonly string[] => {
  const title = `  ${localText(stage.title, words.language)}`;
  if (!stage.reached) return [`${title}: ${words.notReached}`];
  const goal = stage.goal ? ` (${words.goal}: ${stage.goal.ok ? words.holds : words.holdsNot})` : '';
  return [title + goal, ...stage.steps.flatMap((step) => stepLines(step, words))];
};

const undoLines = ({ cause, reason, changes, staying, compared }: UndoReport, words: Words): readonly string[] => [
  `  ${words.rollback}: ${reasonText(cause, reason, words.language)}`,
  ...changes.map(
    (each) => `    ${each.ok ? '✓' : '✗'} ${each.seq} ${each.change} ${each.target}${remark(each.reason)}`,
  ),
  ...(staying.length === 0 ? [] : [`    ${words.staying}:`]),
  ...staying.map(({ target, reason: why }) => `      ${target}: ${why}`),
  ...(compared === null ? [] : [`    ${words.asBefore(compared.count - compared.differences.length, compared.count)}`]),
  ...(compared?.differences ?? []).map(
    ({ name, before, after }) => `    ≠ ${name}: ${before ?? words.none} → ${after ?? words.none}`,
  ),
];

/** The checks of a goal that has several. */
const goalLines = (goal: HostReport['goalBefore'], words: Words): readonly string[] =>
  goal === null || goal.checks.length === 1
    ? []
    : [
        `  ${words.goalBefore}: ${goal.ok ? words.holds : words.holdsNot}`,
        ...goal.checks.map(({ uses, ok, reason }) => `    ${ok ? '✓' : '✗'} ${uses}${remark(reason)}`),
      ];

const hostLines = (host: HostReport, words: Words): readonly string[] =>
  [
    `${host.host}: ${host.end ? words.ends[host.end.end] : words.running}`,
    ...host.checks.map(({ check, ok, reason }) => `  ${ok ? '✓' : '✗'} ${check}${remark(reason)}`),
    ...goalLines(host.goalBefore, words),
    ...(host.user ? [`  ${words.user}: ${host.user.account} (${host.user.sid})`] : []),
    ...(host.protection
      ? [
          `  ${words.protection}: ${words.methods[host.protection.method] ?? host.protection.method} ${host.protection.id}`,
        ]
      : []),
    ...host.stages.flatMap((stage) => stageLines(stage, words)),
    ...(host.undo ? undoLines(host.undo, words) : []),
    ...(host.chain.ok ? [] : [`  ${words.chain(host.chain.events, false)}`]),
  ].map(oneLine);

const remarkLines = ({ orders, refusals }: RunReport, words: Words): readonly string[] => [
  ...orders.map(({ at, order, mode, orderedBy }) => {
    const modeText = mode === null ? '' : ` (${words.orderNames[mode] ?? mode})`;
    return `${words.orders}: ${at} ${words.orderNames[order] ?? order}${modeText} ${words.by} ${orderedBy}`;
  }),
  ...refusals.map(({ at, host, what, reason }) => `${words.refusals}: ${at} ${host} ${what}: ${oneLine(reason)}`),
];

/** The report of a run as plain text: head, summary table, then each host's steps, changes and rollback. */
export function textReport(report: RunReport, language: Language): string {
  const words = wordsOf(language);
  return [
    `${words.title} ${report.run}`,
    localText(report.playbook.title, language),
    `${words.launched}: ${report.launchedAt} ${words.by} ${report.launchedBy}`,
    ...(report.ticket === null ? [] : [`${words.ticket}: ${report.ticket}`]),
    `${words.digest}: ${report.planDigest}`,
    ...remarkLines(report, words),
    '',
    summaryText(report, language),
    '',
    ...report.hosts.flatMap((host) => [...hostLines(host, words), '']),
  ]
    .map(printable)
    .join('\n');
}
