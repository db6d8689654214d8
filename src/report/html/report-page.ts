import { readFileSync } from 'node:fs';
import { changeCounts, durationText, localText, stageText } from '../figures.ts';
import type { HostReport, RunReport } from '../run-report.ts';
import { shortReason } from '../words/causes.ts';
import { type Language, type Words, wordsOf } from '../words/words.ts';
import { hostSection, toneOf } from './host-section.ts';
import { html, type Markup, rawMarkup } from './markup.ts';

const styles = (): string => readFileSync(new URL('./report.css', import.meta.url), 'utf8');

const hostRow = (host: HostReport, words: Words): Markup => {
  const { made, undone } = changeCounts(host);
  return html`<tr><td class="tight">${host.host}</td><td><span class="badge ${toneOf(host)}">${host.end ? words.ends[host.end.end] : words.running}</span></td><td>${host.end ? words.conditions[host.end.host] : '-'}</td><td>${stageText(host)}</td><td class="tight">${made}${undone > 0 ? ` (${words.undoneCount(undone)})` : ''}</td><td class="tight">${durationText(host.durationMs)}</td><td>${host.end ? shortReason(host.end.cause, host.end.reason, words.language) : ''}</td></tr>`;
};

const header = (report: RunReport, words: Words): Markup => html`<h1>${words.title}</h1>
<p>${localText(report.playbook.title, words.language)}</p>
<dl>
<dt>${words.run}</dt><dd><code>${report.run}</code></dd>
<dt>${words.playbook}</dt><dd><code>${report.playbook.id}</code></dd>
<dt>${words.state}</dt><dd>${report.state === 'ended' ? words.ended : words.running}</dd>
<dt>${words.launched}</dt><dd><time>${report.launchedAt}</time> ${words.by} ${report.launchedBy}</dd>
${report.ticket === null ? null : html`<dt>${words.ticket}</dt><dd>${report.ticket}</dd>`}
${report.waivers.map(({ step, level, reason }) => html`<dt>${words.waived}</dt><dd><code>${step}</code> (${level}): ${reason}</dd>`)}<dt>${words.duration}</dt><dd>${durationText(report.figures.durationMs)}</dd>
<dt>${words.digest}</dt><dd><code>${report.planDigest}</code></dd>
</dl>`;

const figures = (report: RunReport, words: Words): Markup => {
  const ends = Object.entries(report.figures.ends).map(
    ([end, count]) => html`<li><b>${count}</b>${(words.ends as Readonly<Record<string, string>>)[end] ?? end}</li>`,
  );
  return html`<ul class="figures"><li><b>${report.figures.hosts}</b>${words.hosts}</li>${ends}<li><b>${report.figures.changesMade}</b>${words.changes}</li><li><b>${report.figures.changesUndone}</b>${words.undone}</li></ul>`;
};

const orderName = (order: string, words: Words): string => words.orderNames[order] ?? order;

const remarks = (report: RunReport, words: Words): Markup => {
  const orders = report.orders.map(
    (order) =>
      html`<tr><td><time>${order.at}</time></td><td>${orderName(order.order, words)}${order.mode ? ` (${orderName(order.mode, words)})` : ''}</td><td>${order.orderedBy}</td></tr>`,
  );
  const refusals = report.refusals.map(
    (refusal) =>
      html`<tr><td><time>${refusal.at}</time></td><td>${refusal.host}</td><td>${refusal.what}</td><td>${refusal.reason}</td></tr>`,
  );
  return html`${orders.length > 0 ? html`<h2>${words.orders}</h2><table>${orders}</table>` : null}${refusals.length > 0 ? html`<h2>${words.refusals}</h2><table>${refusals}</table>` : null}`;
};

/** The report of a run as one self-contained HTML page: no script, no picture, nothing loaded from elsewhere. */
export function reportPage(report: RunReport, language: Language): string {
  const words = wordsOf(language);
  const columns = [words.host, words.end, words.hostNow, words.stage, words.changes, words.duration, words.reason];
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${words.title} ${report.run}</title>
<style>${rawMarkup(styles())}</style>
</head>
<body>
${header(report, words)}
${figures(report, words)}
<table class="hosts"><tr>${columns.map((column) => html`<th>${column}</th>`)}</tr>${report.hosts.map((host) => hostRow(host, words))}</table>
${remarks(report, words)}
<h2>${words.hosts}</h2>
${report.hosts.map((host) => hostSection(host, words))}
</body>
</html>
`.text;
}
