// npm test: sets up what is missing, runs every test, and ends with the line "N passed, N failed".
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, runProjectNode, setUp } from './setup.mjs';

setUp();
const folder = join(root, '.kintsugi');
const report = join(folder, 'test-report.json');
mkdirSync(folder, { recursive: true });
rmSync(report, { force: true });
const status = runProjectNode(
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { NODE_ENV: 'test' },
);

const allowed = JSON.parse(readFileSync(join(root, 'test', 'allowed-skips.json'), 'utf8'));
const readReport = () => {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return undefined;
  }
};
const result = readReport();
if (!result) {
  console.log('The test runner wrote no report: see its output above.\n0 passed, 1 failed');
  process.exit(1);
}
const tests = result.testResults.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
const passed = tests.filter((test) => test.status === 'passed').length;
const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
const unexpected = skipped.filter((test) => !allowed.some((entry) => test.fullName.includes(entry.title)));
// A file that could not be loaded has no tests in it: it counts as one failure.
const brokenFiles = result.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
);
for (const file of brokenFiles) console.log(`could not run ${file.name}: ${file.message}`);
for (const test of unexpected)
  console.log(`skipped, but not in test/allowed-skips.json: ${test.fullName} (${test.file})`);
for (const test of skipped.filter((entry) => !unexpected.includes(entry)))
  console.log(`skipped (allowed): ${test.fullName}`);
const failed = tests.filter((test) => test.status === 'failed').length + brokenFiles.length + unexpected.length;
const other = status !== 0 && failed === 0 ? 1 : 0;
if (other) console.log('The test runner ended with an error outside of any test: see its output above.');
console.log(`${passed} passed, ${failed + other} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`);
process.exit(failed + other > 0 || passed === 0 ? 1 : 0);
