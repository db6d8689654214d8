// npm test: sets up what is missing, runs every test, and ends with the line "N passed, N failed".
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

const readReport = () => {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8'));
  } catch {
    return undefined;
  }
};
const allowed = JSON.parse(readFileSync(join(root, 'test', 'allowed-skips.json'), 'utf8'));
const { lines, ok } = tally(readReport(), status, allowed);
console.log(lines.join('\n'));
process.exitCode = ok ? 0 : 1;
