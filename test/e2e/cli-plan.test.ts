import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostProbe } from '../../src/operations/probe-state.ts';
import { type CliPlace, placeOf, runCli } from '../helpers/cli.ts';
import { demoHosts } from '../helpers/crash-plan.ts';
import { type Fleet, type FleetLab, openFleet } from '../helpers/fleet.ts';

describe('the commands that change nothing', () => {
  let fleet: Fleet;
  let lab: FleetLab;
  let place: CliPlace;
  beforeAll(async () => {
    fleet = await openFleet();
    place = placeOf(fleet);
    const hosts = demoHosts();
    lab = await fleet.addLab({
      cache: hosts['w11-cache'] ?? expect.unreachable(),
      full: hosts['w11-full'] ?? expect.unreachable(),
    });
  });
  afterAll(async () => {
    await fleet?.[Symbol.asyncDispose]();
  });

  it('validate ends with 0 for good playbooks, and names every fault of a bad one by its place with 2', async () => {
    const good = await runCli(place, 'validate', 'values', 'windows-update/file-not-found');
    expect(good).toEqual({ code: 0, stdout: 'values: ok\nwindows-update/file-not-found: ok\n', stderr: '' });
    const text = 'kintsugi: playbook/v1\ntitle: { en: Bad }\ngaol: {}\ngoal: { uses: registry/hold }\nstages: []\n';
    writeFileSync(join(fleet.projectDir, 'bad.yaml'), text);
    const bad = await runCli(place, 'validate', 'bad.yaml');
    expect(bad.code).toBe(2);
    expect(bad.stdout + bad.stderr).toMatch(/bad\.yaml:3:1.*gaol/);
    expect(bad.stdout + bad.stderr).toMatch(/bad\.yaml:4:\d+.*registry\/hold/);
    const json = await runCli(place, 'validate', 'bad.yaml', '--json');
    expect(json.code).toBe(2);
    expect(JSON.stringify(JSON.parse(json.stdout))).toContain('gaol');
  });

  it('plan --probe asks the hosts and tells per step what would change, without changing anything', async () => {
    const args = ['windows-update/file-not-found', '--hosts', 'lab', '-i', lab.inventory, '--probe'];
    const [json, text] = [await runCli(place, 'plan', ...args, '--json'), await runCli(place, 'plan', ...args)];
    expect(json.code, json.stderr).toBe(0);
    const { digest, probes } = JSON.parse(json.stdout) as { digest: string; probes: readonly HostProbe[] };
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(probes.map(({ host, fault }) => ({ host, fault }))).toEqual([
      { host: 'cache', fault: null },
      { host: 'full', fault: null },
    ]);
    const verdicts = Object.fromEntries(probes[0]?.steps.map(({ step, verdict }) => [step, verdict]) ?? []);
    expect(verdicts).toMatchObject({ resync: 'already right', resetCache: 'will change' });
    expect(probes[0]?.goal?.ok).toBe(false);
    const refused = probes[1]?.checks.find(({ ok }) => !ok)?.reason;
    expect(refused).toContain('4 GB');
    expect(refused).toContain('0.6 GB');
    expect(text.code, text.stderr).toBe(0);
    for (const verdict of ['will change', 'already right']) expect(text.stdout).toContain(verdict);
    // What only the run itself can know: whether the first step will have changed something.
    const values = await runCli(place, 'plan', 'values', '--hosts', 'cache', '-i', lab.inventory, '--probe');
    expect(values.stdout).toMatch(/second +cannot tell/);
    for (const host of lab.hosts.values()) expect(host.differences()).toEqual([]);
  });

  it('doctor --json names what is there and what is missing', async () => {
    const { stdout } = await runCli(place, 'doctor', '--json');
    const findings = JSON.parse(stdout) as readonly { what: string; state: string }[];
    expect(findings.find(({ what }) => what === 'Redis')?.state).toBe('ok');
  });
});
