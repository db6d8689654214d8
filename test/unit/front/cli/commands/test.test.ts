import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CliServices } from '../../../../../src/front/cli/services.ts';
import type { CaseResult, TestReport } from '../../../../../src/report/test-report.ts';
import { runWith } from '../fake-services.ts';

const place = { file: 'a.test.yaml', line: 4, column: 5 };
const passing: CaseResult = { name: 'it is cured', host: 'w11', place, runs: 1, durationMs: 1500, unmet: [] };
const failing: CaseResult = {
  name: 'it goes back',
  host: 'srv',
  place,
  runs: 12,
  durationMs: 9000,
  unmet: [{ what: 'end', place, expected: ['rolled-back'], got: ['repaired'], notes: ['goal-reached: it holds'] }],
};

const reportOf = (cases: readonly CaseResult[]): TestReport => {
  const failed = cases.filter(({ unmet }) => unmet.length > 0).length;
  return {
    kintsugi: 'test-report/v1',
    files: [{ file: 'a.test.yaml', playbook: 'own/a', cases }],
    coverage: [
      {
        playbook: 'own/a',
        items: [
          { part: 'step', name: 'fix', place, reached: true },
          { part: 'undo', name: 'undo of fix', place, reached: false },
        ],
      },
    ],
    passed: cases.length - failed,
    failed,
    runs: 13,
    durationMs: 10_500,
  };
};

const testing =
  (cases: readonly CaseResult[]): CliServices['testPlaybooks'] =>
  async (_names, onProgress) => {
    onProgress({ kind: 'file', file: 'a.test.yaml' });
    for (const result of cases) {
      onProgress({ kind: 'run', name: result.name, host: result.host, done: 2, of: 12 });
      onProgress({ kind: 'case', result });
    }
    return reportOf(cases);
  };

test('each case has a line, each failure its place, expectation and what came; the exit code is 1', async () => {
  const { code, out } = await runWith(['test'], { testPlaybooks: testing([passing, failing]) });
  expect(out).toBe(`a.test.yaml
  ✓ it is cured (w11) 1.5 s
  ✗ it goes back (srv) 12 runs, 9.0 s
      a.test.yaml:4:5: end
        - rolled-back
        + repaired
        goal-reached: it holds
      (- expected, + got)

Reached (own/a): 1/1 steps, 0/1 undos of steps
  not reached: undo of fix (a.test.yaml:4)

1 passed, 1 failed (13 runs, 10.5 s)`);
  expect(code).toBe(1);
});

test('all passed is exit code 0, in Japanese too', async () => {
  const { code, out } = await runWith(['test', '--lang', 'ja'], { testPlaybooks: testing([passing]) });
  expect([code, out.split('\n').at(-1)]).toEqual([0, '成功 1、失敗 0(実行 13 回、10.5 s)']);
});

test('a terminal shows which run a case is at, and clears it', async () => {
  const { terminal } = await runWith(['test'], { testPlaybooks: testing([failing]) }, { live: true });
  expect(terminal.drawn).toEqual(['\r\u001b[2K  … it goes back (srv) 2/12', '\r\u001b[2K']);
});

test('--json prints the report alone, and --junit writes a file into a folder that it makes', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'kintsugi-test-')), 'below', 'results.xml');
  const services = { testPlaybooks: testing([passing, failing]) };
  const { code, out } = await runWith(['test', '--json', '--junit', file], services);
  expect([code, JSON.parse(out)]).toEqual([1, reportOf([passing, failing])]);
  expect(readFileSync(file, 'utf8')).toContain('tests="2" failures="1"');
});
