// npm test: sets up what is missing, runs every test and the tests of the shipped playbooks, and ends with the line "N passed, N failed".
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, runProjectNode, setUp } from './setup.mjs';
import { tally } from './tally.mjs';
import { installTestPackages } from './test-packages.mjs';

setUp();
installTestPackages();
const folder = join(root, '.kintsugi');
const reportFile = join(folder, 'test-report.json');
mkdirSync(folder, { recursive: true });
rmSync(reportFile, { force: true });
const status = runProjectNode(
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...process.argv.slice(2),
  ],
  { NODE_ENV: 'test' },
);

const read = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};
const readReport = () => {
  try {
    return JSON.parse(read(reportFile));
  } catch {
    return undefined;
  }
};

/** `kintsugi test` on the shipped playbooks; left out where only some tests are asked for. */
const testPlaybooks = () => {
  if (process.argv.length > 2) return undefined;
  const junit = join(folder, 'playbook-tests.xml');
  rmSync(junit, { force: true });
  const code = runProjectNode(['src/main.ts', 'test', 'playbooks', '--junit', junit]);
  return { xml: read(junit), status: code };
};
const allowed = JSON.parse(readFileSync(join(root, 'test', 'allowed-skips.json'), 'utf8'));
const { lines, ok } = tally(readReport(), status, allowed, testPlaybooks());
console.log(lines.join('\n'));
process.exitCode = ok ? 0 : 1;
