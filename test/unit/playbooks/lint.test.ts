import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { lintFiles } from '../../../src/operations/lint.ts';
import { loadHostKitText } from '../../../src/remote/powershell/host-kit-text.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const { text } = await loadHostKitText();
const report = lintFiles(['playbooks'], { projectDir: root, shippedDir: `${root}playbooks` }, text);

test('shipped actions have no findings but those that are allowed with a reason', () => {
  expect(report.actions.length).toBeGreaterThan(10);
  expect(report.findings.filter(({ allowed }) => allowed === null)).toEqual([]);
});

test('shipped playbooks are grade A, or B with the reason of each step that is', () => {
  expect(report.playbooks.length).toBeGreaterThan(0);
  for (const { playbook, grade, steps } of report.playbooks) {
    expect(['A', 'B'], playbook).toContain(grade);
    const silent = steps.filter((each) => each.grade === 'B' && each.reason === null);
    expect(silent, playbook).toEqual([]);
  }
});
