import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalEvent } from '../../journal/event.ts';
import type { LocalText } from '../../kernel/words.ts';
import { localText } from '../../report/figures.ts';
import { reportPage } from '../../report/html/report-page.ts';
import type { RunReport } from '../../report/run-report.ts';
import { summaryText } from '../../report/summary.ts';
import { textWidth } from '../../report/table.ts';
import type { CommandContext } from './command.ts';
import { exitCodes, runExitCode } from './exit-code.ts';
import { showProgress } from './progress.ts';
import type { Installation } from './services.ts';

/** What became of following a run: its report at the end, or nothing where the user has detached. */
export type Followed = { readonly kind: 'ended'; readonly report: RunReport } | { readonly kind: 'detached' };

const reportLabel: LocalText = { en: 'Report', ja: 'レポート' };

/** Follows a run to its end with live progress of the events that `isNews` takes. The first Ctrl-C ends the following, not the run. */
export async function followToEnd(
  context: CommandContext,
  installation: Installation,
  run: string,
  hosts: readonly string[],
  isNews: (event: JournalEvent) => boolean = () => true,
): Promise<Followed> {
  const stop = new AbortController();
  using _interrupts = context.terminal.onInterrupt(() => stop.abort());
  const progress = context.json ? null : showProgress(context.terminal, hosts);
  const show = (event: JournalEvent): void => {
    if (isNews(event)) progress?.(event);
  };
  await installation.follow(run, null, true, show, stop.signal);
  return stop.signal.aborted ? { kind: 'detached' } : { kind: 'ended', report: await installation.report(run) };
}

/** Tells how a followed run came out, or how to go on with one that was detached from; the exit code. */
export function tellOutcome(context: CommandContext, run: string, followed: Followed): number {
  if (followed.kind === 'detached') {
    const text = {
      en: `Detached; run ${run} goes on.\n  watch it:  kintsugi logs ${run} --follow\n  cancel it: kintsugi cancel ${run} --rollback`,
      ja: `切り離しました。実行 ${run} は続いています。\n  経過を見る: kintsugi logs ${run} --follow\n  中止する:   kintsugi cancel ${run} --rollback`,
    };
    context.terminal.warn(localText(text, context.terminal.language));
    return exitCodes.good;
  }
  printOutcome(context, followed.report);
  return runExitCode(followed.report.hosts.map((host) => host.end?.end ?? null));
}

/** Writes the report as HTML and JSON, prints the summary table (or the JSON) and where the reports are. */
export function printOutcome(context: CommandContext, report: RunReport): void {
  const { terminal, json } = context;
  const paths = writeReports(context, report);
  if (json) return terminal.print(JSON.stringify({ ...report, reports: paths }));
  const label = localText(reportLabel, terminal.language);
  const indent = ' '.repeat(textWidth(label) + 2);
  terminal.print(`\n${summaryText(report, terminal.language)}\n\n${label}: ${paths.html}\n${indent}${paths.json}`);
}

function writeReports(
  { services, terminal }: CommandContext,
  report: RunReport,
): { readonly html: string; readonly json: string } {
  const folder = join(services.home, 'reports');
  mkdirSync(folder, { recursive: true });
  const html = join(folder, `${report.run}.html`);
  const json = join(folder, `${report.run}.json`);
  writeFileSync(html, reportPage(report, terminal.language));
  writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  return { html, json };
}
