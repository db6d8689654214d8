import type { PreparedPlan } from '../../operations/prepare-plan.ts';
import { durationText, localText } from '../../report/figures.ts';
import { oneLine } from '../../report/printable.ts';
import { plainTable } from '../../report/table.ts';
import { type Language, wordsOf } from '../../report/words/words.ts';
import { planWords } from './plan-words.ts';

type Description = PreparedPlan['description'];
type HostPlan = Description['hosts'][number];

/** A prepared plan for people who approve it: hosts, steps, values, durations, restarts, risk, protection, and what cannot be undone. */
export function planText({ description }: PreparedPlan, language: Language): string {
  const say = planWords[language];
  const lines = [...headLines(description, language), '', stepTable(description, language)];
  const values = valueLines(description.hosts);
  if (values.length > 0) lines.push('', `${say.values}:`, ...values);
  if (description.lessProtected.length > 0) {
    lines.push('', `${say.lessProtected}:`);
    const less = description.lessProtected;
    lines.push(...less.map(({ step, level, reason }) => `  ${step} (${level}): ${localText(reason, language)}`));
  }
  if (description.waivers.length > 0) {
    lines.push('', `${say.waived}:`);
    lines.push(...description.waivers.map(({ step, level, reason }) => `  ${step} (${level}): ${oneLine(reason)}`));
  }
  if (description.irreversible.length > 0) {
    lines.push('', `${say.irreversible}:`);
    lines.push(...description.irreversible.map(({ step, reason }) => `  ${step}: ${localText(reason, language)}`));
  }
  return `${lines.join('\n')}\n`;
}

function headLines(description: Description, language: Language): readonly string[] {
  const say = planWords[language];
  const words = wordsOf(language);
  const { durations, protection, playbook, batches, risk, grade, until } = description;
  const why = protection.reason ? ` (${localText(protection.reason, language)})` : '';
  const causes: { readonly [cause: string]: string } = say.causes;
  const time = (figures: { readonly expectedMs: number; readonly worstMs: number }) =>
    `${durationText(figures.expectedMs)}, ${say.worst} ${durationText(figures.worstMs)}`;
  return [
    `${say.plan}: ${localText(playbook.title, language)} (${playbook.id})`,
    `  ${say.digest}: ${description.digest}`,
    `  ${words.hosts}: ${description.hosts.map(({ id }) => id).join(', ')} · ${say.batches}: ${batches.map((batch) => batch.length).join(', ')}`,
    `  ${say.protection}: ${protection.level}, ${say.off}: ${say.offWays[protection.systemProtectionOff]}${why}`,
    `  ${say.rollback}: ${description.rollbackAfter.map((cause) => causes[cause] ?? cause).join(', ')}`,
    `  ${say.durationHost} ${time(durations.host)}`,
    `  ${say.durationRun} ${time(durations.run)}`,
    `  ${say.risk}: ${say.risks[risk]}`,
    ...(grade === null ? [] : [`  ${say.grade}: ${say.grades[grade]} (${say.gradeOf} ${grade})`]),
    ...(until === null ? [] : [`  ${say.until} ${until}`]),
  ];
}

/** Every host goes through the same steps; only their values differ. */
function stepTable({ hosts }: Description, language: Language): string {
  const say = planWords[language];
  const rows = (hosts[0]?.stages ?? []).flatMap((stage) =>
    stage.steps.map((step) => [
      localText(stage.title, language),
      step.id,
      localText(step.title, language),
      say.risks[step.risk],
      step.waived === null ? (step.protect ?? '-') : `${step.protect} (${say.isWaived})`,
      step.lane,
      durationText(step.typicalMs),
      durationText(step.longestMs),
      say.reboots[step.reboot],
      step.grade ?? '-',
      step.when ?? '-',
    ]),
  );
  return plainTable(say.columns, rows);
}

/** The steps' values, once for all hosts that share them. */
function valueLines(hosts: readonly HostPlan[]): readonly string[] {
  const groups = new Map<string, readonly string[]>();
  for (const host of hosts) {
    const values = hostValues(host).join('\n');
    groups.set(values, [...(groups.get(values) ?? []), host.id]);
  }
  return Array.from(groups, ([values, ids]) => (values === '' ? [] : [`  ${ids.join(', ')}`, values])).flat();
}

function hostValues({ preflight, goal, stages }: HostPlan): readonly string[] {
  const steps = [...preflight, ...goal, ...stages.flatMap((stage) => stage.steps)];
  return steps.flatMap(({ id, uses, values }) => {
    const named = Object.entries(values).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    return named.length === 0 ? [] : [`    ${id} (${uses}): ${named.join(' ')}`];
  });
}
