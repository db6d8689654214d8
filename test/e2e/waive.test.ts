import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/report/run-report.ts';
import { type CliPlace, placeOf, runCli } from '../helpers/cli.ts';
import { type Fleet, type FleetLab, openFleet } from '../helpers/fleet.ts';

/** A playbook of the project whose second stage asks for a checkpoint of the whole machine. */
const playbook = `kintsugi: playbook/v1
title: { en: Registry values of which the last are set at high risk }
goal: { uses: registry/holds, with: { name: b1, value: new } }
stages:
  - title: { en: Both }
    steps:
      - { id: plain, uses: registry/values, with: { names: [a1], value: new } }
      - { id: risky, uses: registry/risky, with: { names: [b1], value: new } }
`;

describe('a step that asks for more protection than a host can have', () => {
  let fleet: Fleet;
  let lab: FleetLab;
  let place: CliPlace;
  beforeAll(async () => {
    fleet = await openFleet();
    place = placeOf(fleet);
    const actions = join(fleet.projectDir, 'actions', 'registry');
    cpSync(join(actions, 'values'), join(actions, 'risky'), { recursive: true });
    const text = readFileSync(join(actions, 'risky', 'action.yaml'), 'utf8');
    writeFileSync(join(actions, 'risky', 'action.yaml'), text.replace('risk: low', 'risk: high'));
    writeFileSync(join(fleet.projectDir, 'playbooks', 'risky.yaml'), playbook);
    lab = await fleet.addLab({
      w11: { base: 'windows-11-24h2' },
      srv: { base: 'windows-server-2022', uiLanguage: 'ja-JP' },
    });
    await fleet.startWorker('w1');
  });
  afterAll(async () => {
    await fleet?.[Symbol.asyncDispose]();
  });
  const launch = (...options: readonly string[]) =>
    runCli(place, 'run', 'risky', '--hosts', 'lab', '-i', lab.inventory, '--yes', ...options);

  it('is refused on every host before anything is changed, and a waiver must name a step that there is', async () => {
    const refused = await launch();
    expect(refused.code, refused.stderr).toBe(1);
    expect(refused.stdout).toMatch(/w11 +blocked +untouched/);
    expect(refused.stdout).toMatch(/srv +blocked +untouched/);
    expect(refused.stdout).toContain('`risky` asks for protection level L4, which this host cannot have');
    expect(refused.stdout).toContain('--waive risky --reason');
    for (const host of lab.hosts.values()) expect(host.repairs()).toEqual([]);
    const unknown = await launch('--waive', 'rsiky', '--reason', 'CHG-7');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('there is no step `rsiky`');
    expect(unknown.stderr).toContain('risky');
    const silent = await launch('--waive', 'risky');
    expect(silent.code).toBe(2);
    expect(silent.stderr).toContain('a waiver needs a reason');
  });

  it('begins where the launch waives it: plan, digest, signature and report hold the reason', async () => {
    const waiver = ['--waive', 'risky', '--reason', 'CHG-7: full backup of last night'];
    const plan = await runCli(place, 'plan', 'risky', '--hosts', 'lab', '-i', lab.inventory, ...waiver);
    expect(plan.stdout).toContain('risky (L4): CHG-7: full backup of last night');
    expect(plan.stdout).toMatch(/risky +Sets registry values one after another +high +L4 \(waived\)/);
    const done = await launch(...waiver, '--json');
    expect(done.code, done.stderr).toBe(0);
    const report = JSON.parse(done.stdout) as RunReport;
    expect(report.waivers).toEqual([{ step: 'risky', level: 'L4', reason: 'CHG-7: full backup of last night' }]);
    expect(plan.stdout).toContain(report.planDigest);
    // The floor of the playbook holds all the same: each host has its restore point or shadow copy.
    expect(report.hosts.map(({ host, protection }) => [host, protection?.method, protection?.proven])).toEqual([
      ['w11', 'restore-point', true],
      ['srv', 'shadow-copy', true],
    ]);
    const text = (await runCli(place, 'report', report.run)).stdout;
    expect(text).toContain('Protection waived: risky (L4): CHG-7: full backup of last night');
    const page = (await runCli(place, 'report', report.run, '--format', 'html', '--lang', 'ja')).stdout;
    expect(page).toContain(
      '<dt>保護レベルの免除</dt><dd><code>risky</code> (L4): CHG-7: full backup of last night</dd>',
    );
  });
});
