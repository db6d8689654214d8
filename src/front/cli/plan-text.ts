import type { PreparedPlan } from '../../operations/prepare-plan.ts';
import { durationText, localText } from '../../report/figures.ts';
import { plainTable } from '../../report/table.ts';
import type { Language } from '../../report/words/words.ts';

const words = {
  en: {
    plan: 'Plan',
    digest: 'digest',
    hosts: 'hosts',
    batches: 'batches',
    protection: 'protection',
    off: 'where System Protection is off',
    rollback: 'rollback after',
    duration: 'per host: expected',
    worst: 'longest, with undo',
    risk: 'risk',
    until: 'no step may end after',
    columns: ['stage', 'step', 'does', 'risk', 'lane', 'typical', 'longest', 'restart', 'condition'],
    irreversible: 'Cannot be undone',
  },
  ja: {
    plan: '計画',
    digest: 'ダイジェスト',
    hosts: 'ホスト',
    batches: 'バッチ',
    protection: '保護',
    off: 'システムの保護が無効なら',
    rollback: '元に戻す条件',
    duration: 'ホストあたり: 予想',
    worst: '最長(取消を含む)',
    risk: 'リスク',
    until: 'この時刻までに終わる手順だけを開始',
    columns: ['段階', '手順', '内容', 'リスク', 'レーン', '通常', '最長', '再起動', '条件'],
    irreversible: '元に戻せない変更',
  },
} as const;

/** A prepared plan for people who approve it: steps, durations, restarts, risk, protection, and what cannot be undone. */
export function planText(prepared: PreparedPlan, language: Language): string {
  const say = words[language];
  const { description } = prepared;
  const first = description.hosts[0];
  const rows = (first?.stages ?? []).flatMap((stage) =>
    stage.steps.map((step) => [
      localText(stage.title, language),
      step.id,
      localText(step.title, language),
      step.risk,
      step.lane,
      durationText(step.typicalMs),
      durationText(step.longestMs),
      step.reboot,
      step.when ?? '-',
    ]),
  );
  const { durations, protection } = description;
  const lines = [
    `${say.plan}: ${localText(description.playbook.title, language)} (${description.playbook.id})`,
    `  ${say.digest}: ${description.digest}`,
    `  ${say.hosts}: ${description.hosts.map(({ id }) => id).join(', ')} · ${say.batches}: ${description.batches.map((batch) => batch.length).join(', ')}`,
    `  ${say.protection}: ${protection.level}, ${say.off}: ${protection.systemProtectionOff}${protection.reason ? ` (${localText(protection.reason, language)})` : ''}`,
    `  ${say.rollback}: ${description.rollbackAfter.join(', ')}`,
    `  ${say.duration} ${durationText(durations.host.expectedMs)}, ${say.worst} ${durationText(durations.host.worstMs)} · ${say.risk}: ${description.risk}`,
  ];
  if (description.until !== null) lines.push(`  ${say.until} ${description.until}`);
  lines.push('', plainTable(say.columns, rows));
  if (description.irreversible.length > 0) {
    lines.push('', `${say.irreversible}:`);
    lines.push(...description.irreversible.map(({ step, reason }) => `  ${step}: ${localText(reason, language)}`));
  }
  return `${lines.join('\n')}\n`;
}
