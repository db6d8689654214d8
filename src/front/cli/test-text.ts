import type { TestProgress } from '../../operations/playbook-test/test-playbooks.ts';
import { printable } from '../../report/printable.ts';
import { cutText } from '../../report/table.ts';
import { type CoverageItem, type PlaybookCoverage, type TestReport, unmetText } from '../../report/test-report.ts';
import type { Language } from '../../report/words/words.ts';
import type { Terminal } from './terminal.ts';

const words = {
  en: {
    runs: (count: number) => `${count} runs`,
    coverage: 'Reached',
    parts: { step: 'steps', undo: 'undos of steps', branch: 'ways of `when`' },
    notReached: 'not reached',
    summary: (passed: number, failed: number, runs: number, time: string) =>
      `${passed} passed, ${failed} failed (${runs} ${runs === 1 ? 'run' : 'runs'}, ${time})`,
    legend: '- expected, + got',
  },
  ja: {
    runs: (count: number) => `${count} 回実行`,
    coverage: '到達',
    parts: { step: '手順', undo: '手順の取り消し', branch: '`when` の分岐' },
    notReached: '未到達',
    summary: (passed: number, failed: number, runs: number, time: string) =>
      `成功 ${passed}、失敗 ${failed}(実行 ${runs} 回、${time})`,
    legend: '- 期待、+ 実際',
  },
} as const;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Shows tests as they run: a line for each case when it has ended, and where lines can be redrawn, which run it is at. */
export function showTests(terminal: Terminal): (progress: TestProgress) => void {
  const say = words[terminal.language];
  const clear = (): void => {
    if (terminal.live) terminal.draw('\r\u001b[2K');
  };
  return (progress) => {
    switch (progress.kind) {
      case 'file':
        return terminal.print(progress.file);
      case 'run': {
        const { name, host, done, of } = progress;
        const text = `  … ${name} (${host})${of > 1 ? ` ${done}/${of}` : ''}`;
        if (terminal.live) terminal.draw(`\r\u001b[2K${cutText(printable(text), terminal.columns - 1)}`);
        return undefined;
      }
      case 'case': {
        const { name, host, runs, durationMs, unmet } = progress.result;
        const count = runs > 1 ? `${say.runs(runs)}, ` : '';
        clear();
        const head = `  ${unmet.length === 0 ? '✓' : '✗'} ${name} (${host}) ${count}${seconds(durationMs)}`;
        terminal.print(printable([head, ...unmet.map((each) => indented(unmetText(each)))].join('\n')));
        if (unmet.length > 0) terminal.print(`      (${say.legend})`);
      }
    }
  };
}

/** What of each playbook the tests reached, and by name and place what they did not. */
export function coverageText({ coverage }: TestReport, language: Language): string {
  return coverage.map((each) => playbookText(each, language)).join('\n');
}

function playbookText({ playbook, items }: PlaybookCoverage, language: Language): string {
  const say = words[language];
  const counts = (['step', 'undo', 'branch'] as const).flatMap((part) => {
    const all = items.filter((item) => item.part === part);
    return all.length === 0 ? [] : [`${all.filter(({ reached }) => reached).length}/${all.length} ${say.parts[part]}`];
  });
  const missing = items.filter(({ reached }) => !reached);
  return [
    `${say.coverage} (${playbook}): ${counts.join(', ')}`,
    ...missing.map((item) => `  ${say.notReached}: ${item.name} (${placeText(item)})`),
  ].join('\n');
}

const placeText = ({ place: { file, line } }: CoverageItem): string => (line === null ? file : `${file}:${line}`);

/** The last line: how many cases passed and failed. */
export function summaryText({ passed, failed, runs, durationMs }: TestReport, language: Language): string {
  return words[language].summary(passed, failed, runs, seconds(durationMs));
}

const indented = (text: string): string => text.replace(/^/gm, '      ');
