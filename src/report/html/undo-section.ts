import type { UndoReport } from '../run-report.ts';
import { reasonText } from '../words/causes.ts';
import type { Words } from '../words/words.ts';
import { html, type Markup } from './markup.ts';

/** What was put back, what stays, and the comparison of facts that proves it. */
export function undoSection(undo: UndoReport | null, words: Words): Markup | null {
  if (undo === null) return null;
  const rows = undo.changes.map(
    (change) =>
      html`<tr><td>${change.ok ? '✓' : '✗'}</td><td class="tight">${change.change}</td><td><code>${change.target}</code></td><td>${change.reason}</td></tr>`,
  );
  const staying = undo.staying.map(
    (change) => html`<tr><td><code>${change.target}</code></td><td>${change.reason}</td></tr>`,
  );
  const compared = undo.compared;
  const proven =
    compared !== null && compared.count > 0 && compared.differences.every(({ step }) => step !== undefined);
  const same = compared ? compared.count - compared.differences.length : 0;
  const differences = compared?.differences.map(
    (fact) =>
      html`<tr><td><code>${fact.name}</code></td><td>${fact.before ?? words.none}</td><td>${fact.after ?? words.none}</td><td class="soft">${fact.step === undefined ? '' : words.staysBy(fact.step)}</td></tr>`,
  );
  return html`<h3>${words.rollback}</h3>
<p>${reasonText(undo.cause, undo.reason, words.language)}</p>
${rows.length > 0 ? html`<table><tr><th></th><th>${words.change}</th><th>${words.target}</th><th>${words.reason}</th></tr>${rows}</table>` : null}
${staying.length > 0 ? html`<p>${words.staying}</p><table>${staying}</table>` : null}
${compared ? html`<p class="${proven ? 'good' : 'bad'}"><b>${words.asBefore(same, compared.count)}</b></p>` : null}
${differences && differences.length > 0 ? html`<table><tr><th>${words.differing}</th><th>${words.before}</th><th>${words.after}</th><th></th></tr>${differences}</table>` : null}`;
}
