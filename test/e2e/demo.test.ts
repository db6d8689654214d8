import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/report/run-report.ts';
import { type CliPlace, runCli, startCli } from '../helpers/cli.ts';

describe('the demo and a first run, as a new user has them', () => {
  let place: CliPlace;
  beforeEach(() => {
    place = { folder: mkdtempSync(join(tmpdir(), 'kintsugi-user-')), environment: {} };
  });
  afterEach(() => rmSync(place.folder, { recursive: true, force: true, maxRetries: 5 }));

  it('demo --json ends with 0, every host as promised', async () => {
    const result = await runCli(place, 'demo', '--json');
    expect(result.code, result.stdout + result.stderr).toBe(0);
    const report = JSON.parse(result.stdout) as RunReport;
    expect(Object.fromEntries(report.hosts.map(({ host, end }) => [host, end?.end]))).toEqual({
      'w11-cache': 'repaired',
      'w11-clock': 'repaired',
      'srv-2022': 'rolled-back',
      'w11-healthy': 'unchanged',
      'w11-full': 'blocked',
    });
    expect(report.hosts.every(({ chain }) => chain.ok)).toBe(true);
  });

  it('demo shows its progress and judges every host', async () => {
    const result = await runCli(place, 'demo', '--lang', 'ja');
    expect(result.code, result.stdout + result.stderr).toBe(0);
    expect(result.stdout.match(/✓/g)).toHaveLength(5);
    expect(result.stdout).not.toContain('✗');
    expect(result.stdout).toMatch(/\.kintsugi\/.*\.html/);
  });

  it('lab in one terminal and run in another: Redis and a worker are started as they are needed', async () => {
    writeFileSync(
      join(place.folder, 'lab.yaml'),
      'kintsugi: lab/v1\nhosts: { pc1: { base: windows-11-24h2, faults: [{ kind: update-cache-corrupt }] }, pc2: { base: windows-11-24h2 } }\n',
    );
    const lab = startCli(place, 'lab', 'lab.yaml');
    const [, inventory = ''] = await lab.untilOutput(/(\S+inventory\.yaml)/);
    const other = startCli(place, 'lab', 'lab.yaml');
    expect((await other.untilOutput(/(\S+inventory\.yaml)/))[1]).not.toBe(inventory);
    other.process.kill('SIGINT');
    expect((await other.ended).code).toBe(0);
    const result = await runCli(
      place,
      'run',
      ...`windows-update/file-not-found --hosts lab -i ${inventory} --yes --json`.split(' '),
    );
    expect(result.code, result.stdout + result.stderr).toBe(0);
    const report = JSON.parse(result.stdout) as RunReport;
    expect(report.figures.ends).toEqual({ repaired: 1, unchanged: 1 });
    lab.process.kill('SIGINT');
    expect((await lab.ended).code).toBe(0);
  });
});
