import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shippedPlaybooks } from '../../src/compose/shipped.ts';
import { makeEndpoint, writeEndpoint } from '../../src/operations/export-endpoint.ts';
import { loadHostKitText } from '../../src/remote/powershell/host-kit-text.ts';
import { loadJeaTemplates } from '../../src/remote/powershell/jea-endpoint.ts';
import { placeOf, runCli } from '../helpers/cli.ts';
import { type Fleet, type FleetLab, openFleet } from '../helpers/fleet.ts';

const environment = { KINTSUGI_TEST_LICENCE: 'not-to-be-told' };

describe('hosts whose endpoint runs no script text', () => {
  let fleet: Fleet;
  let lab: FleetLab;
  const exportTo = async (name: string, kit: string, playbooks: readonly string[]): Promise<string> => {
    const folder = join(fleet.folder, name);
    mkdirSync(folder);
    const request = { playbooks, name: 'Kintsugi', group: 'S-1-5-32-544' };
    const templates = await loadJeaTemplates();
    const places = { projectDir: fleet.projectDir, shippedDir: shippedPlaybooks, kit, templates, version: '1.2.3' };
    writeEndpoint(folder, makeEndpoint(request, places));
    return folder;
  };
  beforeAll(async () => {
    fleet = await openFleet();
    const { text: kit } = await loadHostKitText();
    const Kintsugi = await exportTo('now', kit, ['values', 'licence']);
    const base = 'windows-11-24h2';
    lab = await fleet.addLab({
      fit: { base, jea: { Kintsugi } },
      betrayed: { base, jea: { Kintsugi } },
      shipped: { base, jea: { Kintsugi: await exportTo('shipped', kit, ['windows-update/file-not-found']) } },
      bare: { base, jea: { Kintsugi: null } },
      old: { base, jea: { Kintsugi: await exportTo('old', `${kit}# of an earlier version\n`, ['values']) } },
      other: { base, jea: { Kintsugi: await exportTo('other', kit, ['licence']) } },
    });
    await fleet.startWorker('w1', { environment });
  });
  afterAll(async () => {
    await fleet?.[Symbol.asyncDispose]();
  });
  const changes = (host: string): number => lab.host(host).repairs().length;

  it('are worked with by a shipped playbook whose values are in part defaults of its actions', async () => {
    const run = await fleet.launch(lab, { hosts: 'shipped' });
    expect(Object.fromEntries(await fleet.untilEnded(run))).toMatchObject({ shipped: { end: 'unchanged' } });
  });

  it('are repaired with the module that was exported for the playbook; others end blocked and say what is missing', async () => {
    const run = await fleet.launch(lab, { playbook: 'values', hosts: 'fit,bare,old,other' });
    expect(Object.fromEntries(await fleet.untilEnded(run))).toMatchObject({
      fit: { end: 'repaired', cause: 'goal-reached' },
      bare: {
        end: 'blocked',
        cause: 'jea-module',
        host: 'untouched',
        reason: expect.stringContaining('it has no command Get-KtModule'),
        remedy: expect.stringContaining('`kintsugi jea export values`'),
      },
      old: {
        end: 'blocked',
        cause: 'jea-module',
        reason: expect.stringContaining('its host kit is of another version'),
      },
      other: { end: 'blocked', cause: 'jea-module', reason: expect.stringContaining('registry/values/apply') },
    });
    expect([changes('fit') > 0, changes('bare'), changes('old'), changes('other')]).toEqual([true, 0, 0, 0]);
    const connected = await fleet.untilEvent(run, 'fit', ({ kind }) => kind === 'hostConnected');
    expect(connected.data).toMatchObject({
      facts: {
        elevated: true,
        powershell: { languageMode: 'NoLanguage', jeaModule: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    });
  });

  it('run scripts as tasks of the system and are given secrets, and all is put back after a failure', async () => {
    const params = ['licence=env:KINTSUGI_TEST_LICENCE'];
    const good = await fleet.launch(lab, { playbook: 'licence', hosts: 'fit', params });
    const bad = await fleet.launch(lab, {
      playbook: 'licence',
      hosts: 'betrayed',
      params: [...params, 'betray=true'],
    });
    expect((await fleet.untilEnded(good)).get('fit')).toMatchObject({ end: 'repaired' });
    expect((await fleet.untilEnded(bad)).get('betrayed')).toMatchObject({ end: 'rolled-back', host: 'as-before' });
    expect(changes('betrayed')).toBeGreaterThan(0);
    expect(lab.host('betrayed').unexpected()).toEqual([]);
    expect(fleet.log()).not.toContain(environment.KINTSUGI_TEST_LICENCE);
  });

  it('hosts ping asks the module where there is one, and leaves open what a bare endpoint cannot say', async () => {
    const { code, stdout } = await runCli(
      placeOf(fleet),
      'hosts',
      'ping',
      '--hosts',
      'fit,bare',
      '-i',
      lab.inventory,
      '--json',
    );
    expect(code).toBe(0);
    const languageMode = 'NoLanguage';
    expect(JSON.parse(stdout)).toMatchObject([
      { host: 'fit', ok: true, session: { languageMode, computerName: 'FIT', clockSkewMs: null } },
      { host: 'bare', ok: true, session: { languageMode, computerName: '', clockSkewMs: null } },
    ]);
  });

  it('doctor --host tells whether the module is the one that is exported here', async () => {
    const { code, stdout } = await runCli(placeOf(fleet), 'doctor', '--host', 'fit,bare,old', '-i', lab.inventory);
    expect(code, stdout).toBe(1);
    expect(stdout).toContain('✓ Host fit, JEA endpoint: as it should be');
    expect(stdout).toMatch(/✗ Host bare, JEA endpoint: .*kintsugi jea export.*\n {2}→ .*\.\\jea\.ps1 -Name Kintsugi/);
    expect(stdout).toMatch(/✗ Host old, JEA endpoint: its module .* its host kit is of another version/);
  });

  it('are probed by commands, too; one without the module is told with what it needs', async () => {
    const line = `plan values --hosts fit,bare -i ${lab.inventory} --probe --json`;
    const { stdout, stderr } = await runCli(placeOf(fleet), ...line.split(' '));
    const { probes } = JSON.parse(stdout) as { probes: readonly { host: string; fault: string | null }[] };
    expect(probes.find(({ host }) => host === 'fit')?.fault, stderr).toBeNull();
    expect(probes.find(({ host }) => host === 'bare')?.fault).toContain('kintsugi jea export');
  });
});
