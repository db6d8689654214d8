import { expect, test } from 'vitest';
import { junitXml } from '../../../src/report/junit.ts';
import type { TestReport } from '../../../src/report/test-report.ts';

const place = { file: 'a.test.yaml', line: 4, column: 5 };
const report: TestReport = {
  kintsugi: 'test-report/v1',
  files: [
    {
      file: 'a.test.yaml',
      playbook: 'own/a',
      cases: [
        { name: 'it is cured', host: 'w11', place, runs: 1, durationMs: 1500, unmet: [] },
        {
          name: 'a "quoted" <name> & more\u0007',
          host: 'srv',
          place,
          runs: 2,
          durationMs: 20,
          unmet: [{ what: 'end', place, expected: ['repaired'], got: ['blocked'], notes: ['because\nof this'] }],
        },
        {
          name: 'it was never known',
          host: 'w11',
          place,
          runs: 0,
          durationMs: 0,
          unmet: [
            { what: 'run', place, expected: ['a run that comes to an end'], got: ['the thread ended'], notes: [] },
          ],
        },
      ],
    },
  ],
  coverage: [],
  passed: 1,
  failed: 2,
  runs: 3,
  durationMs: 1520,
};

test('JUnit XML has a suite for each file and a case for each host, escaped, with failures, and errors of the program, at their place', () => {
  expect(junitXml(report)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="kintsugi test" tests="3" failures="1" errors="1" time="1.520">
  <testsuite name="a.test.yaml" tests="3" failures="1" errors="1" skipped="0" time="1.520">
    <testcase name="it is cured (w11)" classname="own/a" file="a.test.yaml" line="4" time="1.500"/>
    <testcase name="a &quot;quoted&quot; &lt;name&gt; &amp; more\ufffd (srv)" classname="own/a" file="a.test.yaml" line="4" time="0.020">
      <failure message="end: expected repaired, got blocked" type="unmet-expectation">a.test.yaml:4:5: end
  - repaired
  + blocked
  because of this</failure>
    </testcase>
    <testcase name="it was never known (w11)" classname="own/a" file="a.test.yaml" line="4" time="0.000">
      <error message="run: expected a run that comes to an end, got the thread ended" type="lost-run">a.test.yaml:4:5: run
  - a run that comes to an end
  + the thread ended</error>
    </testcase>
  </testsuite>
</testsuites>
`);
});
