import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportPage } from '../../report/html/report-page.ts';
import type { RunReport } from '../../report/run-report.ts';
import { summaryText } from '../../report/summary.ts';
import type { CommandContext } from './command.ts';
import { showProgress } from './progress.ts';
import type { Installation } from './services.ts';

/** What became of following a run: its report at the end, or nothing where the user has detached. */
export type Followed = { readonly kind: 'ended'; readonly report: RunReport } | { readonly kind: 'detached' };

/**
 * Follows a run to its end with live progress. The first Ctrl-C detaches: the run goes on without this terminal.
 */
export async function followToEnd(
  context: CommandContext,
  installation: Installation,
  run: string,
  hosts: readonly string[],
): Promise<Followed> {
  const stop = new AbortController();
  using _interrupts = context.terminal.onInterrupt(() => stop.abort());
  const progress = context.json ? null : showProgress(context.terminal, hosts);
  await installation.follow(run, null, true, (event) => progress?.show(event), stop.signal);
  progress?.finish();
  if (!stop.signal.aborted) return { kind: 'ended', report: await installation.report(run) };
  context.terminal.warn(
    context.terminal.language === 'ja'
      ? `切り離しました。実行 ${run} は続きます。\n  続きを見る: kintsugi logs ${run} --follow\n  中止する:   kintsugi cancel ${run} --rollback`
      : `Detached; run ${run} goes on.\n  watch it:  kintsugi logs ${run} --follow\n  cancel it: kintsugi cancel ${run} --rollback`,
  );
  return { kind: 'detached' };
}

/** Writes the report of a run as HTML and JSON below the home folder; the paths. */
export function writeReports(
  context: CommandContext,
  report: RunReport,
): { readonly html: string; readonly json: string } {
  const folder = join(context.services.home, 'reports');
  mkdirSync(folder, { recursive: true });
  const html = join(folder, `${report.run}.html`);
  const json = join(folder, `${report.run}.json`);
  writeFileSync(html, reportPage(report, context.terminal.language));
  writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  return { html, json };
}

/** Prints the summary table and where the reports are. */
export function printOutcome(context: CommandContext, report: RunReport): void {
  const paths = writeReports(context, report);
  if (context.json) return context.terminal.print(JSON.stringify({ ...report, reports: paths }));
  const label = context.terminal.language === 'ja' ? 'レポート' : 'Report';
  context.terminal.print(
    `\n${summaryText(report, context.terminal.language)}\n\n${label}: ${paths.html}\n${' '.repeat(textPad(label))}  ${paths.json}`,
  );
}

const textPad = (label: string): number => (label === 'Report' ? label.length : label.length * 2);
