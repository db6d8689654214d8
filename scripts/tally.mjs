/**
 * What a run of all tests comes to. A file that could not be loaded has no tests in it and counts as one failure, as does a skip that
 * is not allowed, an error outside of any test, and a run that saw no test at all.
 * @param {object | undefined} report what vitest's JSON reporter wrote; undefined where it wrote nothing
 * @param {number} status exit code of vitest
 * @param {readonly { readonly title: string }[]} allowed skips that may be; a title is a part of the test's full name
 * @param {{ readonly xml: string | undefined, readonly status: number }} [playbooks] what `kintsugi test` wrote as JUnit XML and its exit
 *   code; left out where it was not run
 */
export const tally = (report, status, allowed, playbooks) => {
  if (report === undefined) {
    return { lines: ['The test runner wrote no report: see its output above.', '0 passed, 1 failed'], ok: false };
  }
  const files = report.testResults;
  const tests = files.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  const isAllowed = (test) => allowed.some((entry) => test.fullName.includes(entry.title));
  const unexpected = skipped.filter((test) => !isAllowed(test));
  const broken = files.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  );
  const ofPlaybooks = playbooks === undefined ? { passed: 0, failed: 0, lines: [] } : playbookTally(playbooks);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const known = tests.filter((test) => test.status === 'failed').length + broken.length + unexpected.length;
  const outside = known === 0 && status !== 0;
  const failed = (outside ? 1 : known) + ofPlaybooks.failed;
  return {
    lines: [
      ...broken.map((file) => `could not run ${file.name}: ${file.message}`),
      ...unexpected.map((test) => `skipped, but not in test/allowed-skips.json: ${test.fullName} (${test.file})`),
      ...skipped.filter(isAllowed).map((test) => `skipped (allowed): ${test.fullName}`),
      ...(outside ? ['The test runner ended with an error outside of any test: see its output above.'] : []),
      ...ofPlaybooks.lines,
      `${passed + ofPlaybooks.passed} passed, ${failed} failed`,
    ],
    ok: failed === 0 && passed > 0,
  };
};

/** The cases of playbooks by their JUnit file; one failure where there is none, it has no cases, or the exit code says otherwise. */
const playbookTally = ({ xml, status }) => {
  const [, tests, failures] = /<testsuites [^>]*tests="(\d+)" failures="(\d+)"/.exec(xml ?? '') ?? [];
  const all = Number(tests ?? 0);
  const failed = Number(failures ?? 0);
  if (all === 0) return { passed: 0, failed: 1, lines: ['kintsugi test ran no case: see its output above.'] };
  if (failed === 0 && status !== 0)
    return { passed: all, failed: 1, lines: ['kintsugi test ended with an error outside of any case: see above.'] };
  return { passed: all - failed, failed, lines: [`tests of playbooks: ${all - failed} of ${all} passed`] };
};
