import type { HostEndName } from '../../journal/event-data.ts';
import type { Json } from '../../kernel/words.ts';
import { bytesText, changeCounts, durationText, localText } from '../figures.ts';
import type { HostReport, StageReport, StepReport } from '../run-report.ts';
import { reasonText, remedyText } from '../words/causes.ts';
import type { Words } from '../words/words.ts';
import { html, type Markup } from './markup.ts';
import { undoSection } from './undo-section.ts';

type Tone = 'good' | 'calm' | 'warn' | 'bad';

const tones: { readonly [end in HostEndName]: Tone } = {
  repaired: 'good',
  unchanged: 'calm',
  'not-cured': 'warn',
  'rolled-back': 'warn',
  'partly-rolled-back': 'warn',
  blocked: 'warn',
  deferred: 'warn',
  unreachable: 'warn',
  cancelled: 'warn',
  'needs-hands': 'bad',
};

/** The colour class of an end: what a reader should feel about it. */
export function toneOf(host: HostReport): Tone {
  return host.end ? tones[host.end.end] : 'calm';
}

/** Facts and recorded values as short JSON. */
function valueText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const field = (name: string, value: Markup | string): Markup => html`<dt>${name}</dt><dd>${value}</dd>`;

const changeRows = (step: StepReport): readonly Markup[] =>
  step.changes.map(
    (change) =>
      html`<tr><td class="tight">${step.id}</td><td class="tight">${change.change}</td><td><code>${change.target}</code></td><td><code>${valueText(change.before)}</code></td></tr>`,
  );

const stepRow = (step: StepReport, words: Words): Markup => {
  const fault = step.fault
    ? html`${step.fault.message} <span class="soft">${words.position(step.fault.script, step.fault.line)}${step.fault.hresult ? ` ${step.fault.hresult}` : ''}</span>`
    : null;
  return html`<tr><td>${localText(step.title, words.language)} <span class="soft">${step.action}</span></td><td class="tight">${words.stepStates[step.state]}</td><td>${fault ?? step.reason}</td><td class="tight">${durationText(step.durationMs)}</td></tr>`;
};

const stageSection = (stage: StageReport, words: Words): Markup => {
  const goal = stage.goal
    ? html` <span class="soft">· ${words.goal}: ${stage.goal.ok ? words.holds : words.holdsNot}${stage.goal.reason === '' ? '' : ` (${stage.goal.reason})`}</span>`
    : null;
  const title = localText(stage.title, words.language);
  if (!stage.reached) return html`<h3>${words.stage}: ${title} <span class="soft">· ${words.notReached}</span></h3>`;
  return html`<h3>${words.stage}: ${title}${goal}</h3><table>${stage.steps.map((step) => stepRow(step, words))}</table>`;
};

const changesTable = (host: HostReport, words: Words): Markup | null => {
  const rows = host.stages.flatMap((stage) => stage.steps).flatMap(changeRows);
  if (rows.length === 0) return null;
  return html`<h3>${words.changes}</h3><table><tr><th>${words.step}</th><th>${words.change}</th><th>${words.target}</th><th>${words.before}</th></tr>${rows}</table>`;
};

const checkLine = ({ uses, ok, reason }: { readonly uses: string; readonly ok: boolean; readonly reason: string }) =>
  html`${ok ? '✓' : '✗'} ${uses}${reason === '' ? '' : `: ${reason}`}<br>`;

const overview = (host: HostReport, words: Words): Markup => {
  const { facts, protection, freeBytes, committed } = host;
  const checks = host.checks.map(({ check, ok, reason }) => checkLine({ uses: check, ok, reason }));
  const goal = host.goalBefore;
  return html`<dl>${[
    ...(facts
      ? [field(words.host, `${facts.computerName}, ${facts.os.caption} (${facts.os.build}.${facts.os.ubr})`)]
      : []),
    ...(checks.length > 0 ? [field(words.checks, html`${checks}`)] : []),
    ...(goal
      ? [
          field(
            words.goalBefore,
            goal.checks.length === 1
              ? `${goal.ok ? words.holds : words.holdsNot}${goal.reason === '' ? '' : `: ${goal.reason}`}`
              : html`${goal.ok ? words.holds : words.holdsNot}<br>${goal.checks.map(checkLine)}`,
          ),
        ]
      : []),
    ...(host.user ? [field(words.user, `${host.user.account} (${host.user.sid})`)] : []),
    ...(protection
      ? [
          field(
            words.protection,
            `${words.methods[protection.method] ?? protection.method} ${protection.id} (${protection.proven ? words.proven : words.notProven})`,
          ),
        ]
      : []),
    ...(freeBytes ? [field(words.freeSpace, `${bytesText(freeBytes.before)} → ${bytesText(freeBytes.after)}`)] : []),
    ...(committed
      ? [
          field(
            words.committed,
            html`${committed.removed.map((item) => html`<code>${item.path}</code> ${bytesText(item.bytes)}<br>`)}`,
          ),
        ]
      : []),
    field(
      '',
      `${words.attempts(host.attempts)} · ${words.reboots(host.reboots)} · ${words.chain(host.chain.events, host.chain.ok)}`,
    ),
  ]}</dl>`;
};

const evidenceSection = (host: HostReport, words: Words): Markup | null =>
  host.evidence === null
    ? null
    : html`<h3>${words.evidence}</h3><details><summary>${words.evidence}</summary><pre><code>${JSON.stringify(host.evidence, null, 2)}</code></pre></details>`;

/** Everything about one host of the run; open where a person has to act. */
export function hostSection(host: HostReport, words: Words): Markup {
  const tone = toneOf(host);
  const { made, undone } = changeCounts(host);
  const end = host.end;
  const summary = html`<summary>${host.host} <span class="badge ${tone}">${end ? words.ends[end.end] : words.running}</span> <span class="soft">${end ? words.conditions[end.host] : host.phase} · ${words.changes} ${made}${undone > 0 ? ` · ${words.undoneCount(undone)}` : ''} · ${durationText(host.durationMs)}</span></summary>`;
  const reason = end
    ? html`<p>${reasonText(end.cause, end.reason, words.language)}${end.rebootOwed ? ` — ${words.rebootOwed}` : ''}</p>`
    : null;
  const remedy =
    end && end.remedy !== ''
      ? html`<p class="remedy"><b>${words.nextStep}:</b> ${remedyText(end, words.language)}</p>`
      : null;
  const body = html`${summary}${reason}${remedy}${overview(host, words)}${host.stages.map((stage) => stageSection(stage, words))}${changesTable(host, words)}${undoSection(host.undo, words)}${evidenceSection(host, words)}`;
  return tone === 'good' || tone === 'calm' ? html`<details>${body}</details>` : html`<details open>${body}</details>`;
}
