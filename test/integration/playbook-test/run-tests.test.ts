import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openTestThreads } from '../../../src/compose/test-threads.ts';
import { type TestProgress, testPlaybooks } from '../../../src/operations/playbook-test/test-playbooks.ts';
import { loadHostKitText } from '../../../src/remote/powershell/host-kit-text.ts';
import type { CaseResult, TestReport } from '../../../src/report/test-report.ts';

const root = join(import.meta.dirname, '../../..');
const projectDir = join(root, 'test/fixtures/playbook-test');

const progress: TestProgress[] = [];
let report: TestReport;
beforeAll(async () => {
  const { text: kit } = await loadHostKitText();
  const places = { projectDir, shippedDir: join(root, 'playbooks'), kit, tryHost: () => [] };
  await using hosts = openTestThreads(2);
  report = await testPlaybooks([], {
    ...places,
    hosts,
    onProgress: (each) => void progress.push(each),
  });
});

const caseOf = (name: string): CaseResult => {
  const found = report.files.flatMap(({ cases }) => cases).find((each) => each.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
};

describe('tests of a playbook whose undo is right', () => {
  test('pass on every host that a case names, in any display language', () => {
    const hosts = report.files.flatMap(({ cases }) => cases).filter(({ name }) => name === 'the mark is written');
    expect(hosts.map(({ host, unmet }) => [host, unmet])).toEqual([
      ['w11', []],
      ['srv', []],
    ]);
  });

  test('pass when it fails after every single change, each of which is a run', () => {
    // One run as it is, then one for the key and one for the value.
    expect(caseOf('a failure puts it back')).toMatchObject({ unmet: [], runs: 3 });
  });

  test('pass when the session ends after every single change of the undo', () => {
    expect(caseOf('so does an undo that is cut')).toMatchObject({ unmet: [], runs: 4 });
  });
});

test('a host restarts and loses its connection where the test says so, and the run goes on', () => {
  // That it restarted is one of the differences that the case expects.
  expect(caseOf('a restart and a lost connection do not keep it from being written')).toMatchObject({ unmet: [] });
});

test('what was expected and did not come is told with its place in the file, and what came instead', () => {
  const { unmet } = caseOf('what was expected did not come');
  expect(unmet.map(({ what, place, expected, got }) => [what, place.line, expected, got])).toEqual([
    ['end', 6, ['unchanged'], ['repaired']],
    ['steps.mark', 8, ['already-right'], ['done']],
    ['findings.goal.ok', 9, ['true'], ['false']],
    [
      'changed',
      10,
      ['file:C:\\Nothing'],
      [
        'registry:HKEY_LOCAL_MACHINE\\SOFTWARE\\Demo (new)',
        'registry:HKEY_LOCAL_MACHINE\\SOFTWARE\\Demo:mark (new)',
        'registry:HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Spooler:Start (was ["DWord",2], is ["DWord",4])',
      ],
    ],
  ]);
  expect(unmet[0]?.place.file).toBe(join('playbooks', 'demo', 'leave-behind.test.yaml'));
});

test('an undo that gives back something else than there was is found, although the run itself ends as rolled back', () => {
  const { unmet, runs } = caseOf('a failure puts everything back');
  expect(runs).toBe(4);
  expect(unmet).toHaveLength(3);
  for (const { what, place, expected, got } of unmet) {
    expect(what).toMatch(/^failAt \d of 3: after (registry|service)\./);
    expect([place.line, expected]).toEqual([14, ['the host as before']]);
    expect(got).toContain('service:Spooler:config (was start "Automatic", is start "Manual")');
  }
});

describe('a failure after every single change', () => {
  const told = (name: string) => caseOf(name).unmet.map(({ what, got }) => [what, ...got]);

  test('comes after changes of tasks too, and finds the task that nobody recorded', () => {
    const model = ['file:C:\\Windows\\System32\\Tasks\\DemoModel (new)', 'task:\\DemoModel (new)'];
    expect(caseOf('each change of a task is failed after').runs).toBe(7);
    expect(told('each change of a task is failed after')).toEqual([
      ['failAt 1 of 6: after task.register \\DemoModel', ...model],
      ['failAt 2 of 6: after task.register \\Demo', ...model],
      ['failAt 3 of 6: after task.enable \\Demo', ...model],
    ]);
  });

  test('finds the restart that a script ordered and nobody took back', () => {
    const all = told('a restart that nobody takes back is no rollback');
    expect(all[0]).toEqual(['failAt 1 of 3: after power.schedule restart', 'power:planned (new)']);
    expect(all.map(([, got]) => got)).toEqual(Array(3).fill('power:planned (new)'));
  });

  test('lets stay what the report lists, and not what has a program for its name', () => {
    expect(caseOf('what a program leaves may stay where it is listed')).toMatchObject({ unmet: [], runs: 4 });
    const { unmet } = caseOf('what a program leaves may not stay where its name alone is listed');
    expect(unmet).toHaveLength(3);
    for (const { expected, got } of unmet) {
      expect(expected.at(-1)).toBe('program reg.exe (the report lists it as staying)');
      expect(got).toEqual(['registry:HKEY_LOCAL_MACHINE\\SOFTWARE\\Unlisted (new)']);
    }
  });
});

describe('a script that takes longer than its action says', () => {
  test('is given up when the host’s time is over, as in a real run, in the session and as a task', () => {
    const names = ['a wait beyond them', 'a proof that takes too long', 'a task that takes too long'];
    for (const name of names) expect(caseOf(`${name} is given up`).unmet).toEqual([]);
  });

  test('is waited for until then', () => {
    const names = ['a wait within the longest duration and its grace', 'a task within its time'];
    for (const name of names) expect(caseOf(`${name} is waited for`).unmet).toEqual([]);
  });

  test('is told with script, line and what to do', () => {
    const [endless] = caseOf('a wait that never ends is told with its place').unmet;
    expect(endless).toMatchObject({ what: 'end', got: ['rolled-back'] });
    expect(endless?.notes[0]).toMatch(
      /^failure: apply of `waits` failed: .* Give what it waits for a limit of its own/,
    );
    expect(endless?.notes[1]).toBe('step waits failed at waits/apply.ps1:11');
    const [look] = caseOf('a look that takes too long is told with its place').unmet;
    expect(look).toMatchObject({ what: 'end', got: ['blocked'] });
    expect(look?.notes[1]).toBe('survey of waits failed at waits/detect.ps1:8');
  });
});

test('a script that had only to look and changed something is told', () => {
  const { unmet } = caseOf('a look that changes something is told');
  expect(unmet.map(({ what, got }) => [what, ...got])).toEqual([
    ['looks', 'service.configure Spooler (waits/detect.ps1:9)', 'service.configure Spooler (waitsAsSystem/detect.ps1)'],
  ]);
});

test('a disturbance that does not come is told with its line, for the test proves nothing without it', () => {
  const { unmet } = caseOf('disturbances that do not come are told');
  expect(unmet.map(({ what, place, expected }) => [what, place.line, ...expected])).toEqual([
    ['disturbances', 24, 'restart at change 5000', 'command-hangs dism: 1 more call'],
  ]);
});

test('steps, undos and ways of conditions that no test reached are named with their line', () => {
  const mark = report.coverage.find(({ playbook }) => playbook === 'demo/mark');
  expect(mark?.items.map(({ name, reached, place }) => [name, reached, place.line])).toEqual([
    ['mark', true, 10],
    ['undo of mark', true, 10],
    ['never', false, 12],
    ['undo of never', false, 12],
    ['when of never: true', false, 14],
    ['when of never: false', true, 14],
  ]);
});

test('cases are counted, and progress tells files, runs and results in order', () => {
  expect([report.passed, report.failed, report.runs]).toEqual([11, 9, 43]);
  expect(progress.filter(({ kind }) => kind === 'file')).toHaveLength(4);
  expect(progress.flatMap((each) => (each.kind === 'case' ? [each.result] : []))).toEqual(
    report.files.flatMap(({ cases }) => cases),
  );
});
