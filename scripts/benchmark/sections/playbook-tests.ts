import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { TestReport } from '../../../src/report/test-report.ts';
import type { Figure, Section } from '../section.ts';

/** Lets a process tell the processor time of all its threads when it ends. */
const tellsCpu = new URL('../tell-cpu.ts', import.meta.url).href;

const root = fileURLToPath(new URL('../../../', import.meta.url));

function* figures(): Iterable<Figure> {
  const beganMs = performance.now();
  const args = ['--import', tellsCpu, 'src/main.ts', 'test', 'playbooks', '--json'];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const value = (performance.now() - beganMs) / 1000;
  const cpuMs = Number(/^cpu (\d+) ms$/m.exec(stderr)?.[1]);
  if (status !== 0 || Number.isNaN(cpuMs)) throw new Error(`kintsugi test ended with ${status}: ${stderr}`);
  const { runs, passed } = JSON.parse(stdout) as TestReport;
  const detail = `${passed} cases, ${runs} runs, ${availableParallelism()} processors`;
  yield { name: 'kintsugi test: every shipped playbook', value, unit: 's', aim: { atMost: 60 }, detail };
  yield { name: 'its processor time', value: cpuMs / 1000, unit: 's' };
  yield { name: 'for each run', value: (value / runs) * 1000, unit: 'ms' };
  yield { name: 'processor time for each run', value: cpuMs / runs, unit: 'ms' };
}

export const section: Section = {
  title: 'tests of the shipped playbooks, in simulated Windows without a wire',
  figures,
};
