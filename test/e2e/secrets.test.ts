import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runChain } from '../../src/journal/event.ts';
import { connectRedis } from '../../src/queue/connect-redis.ts';
import type { RunReport } from '../../src/report/run-report.ts';
import { type CliPlace, type CliResult, placeOf, runCli } from '../helpers/cli.ts';
import { type Fleet, type FleetLab, openFleet } from '../helpers/fleet.ts';
import { formsOf, SecretScan } from '../helpers/secret-scan.ts';

const canary = (name: string): string => `canary-${name}-"ä€"-${randomBytes(6).toString('hex')}`;
const secrets = { password: canary('password'), licence: canary('licence'), wrong: canary('wrong') };
const environment = { KINTSUGI_TEST_LICENCE: secrets.licence, KINTSUGI_TEST_WRONG: secrets.wrong };

describe('I6: secrets that come from the environment by reference', () => {
  let fleet: Fleet;
  let place: CliPlace;
  let lab: FleetLab;
  const scan = new SecretScan(secrets);
  beforeAll(async () => {
    fleet = await openFleet({ password: secrets.password });
    place = placeOf(fleet, environment);
    const base = 'windows-11-24h2';
    lab = await fleet.addLab({ good: { base }, betrayed: { base }, closed: { base } });
    for (const host of lab.hosts.values()) scan.watch(host);
    lab.host('good').machine.changes.observe(({ kind }) => {
      if (/^(process|task)\./.test(kind)) scan.lookAtProcesses();
    });
    await fleet.startWorker('w1', { environment });
  });
  afterAll(async () => {
    await fleet?.[Symbol.asyncDispose]();
  });

  const seeCli = (result: CliResult): CliResult => {
    scan.look('CLI', 'output', result.stdout);
    scan.look('CLI', 'error', result.stderr);
    return result;
  };
  const cli = async (...args: string[]): Promise<CliResult> => seeCli(await runCli(place, ...args));
  const licence = (host: string, inventory: string): string[] =>
    `licence --hosts ${host} -i ${inventory} --param licence=env:KINTSUGI_TEST_LICENCE`.split(' ');

  it('reach the script in the session and by the task, which use them', async () => {
    const probe = await cli('plan', ...licence('good', lab.inventory), '--probe', '--json');
    expect(probe.code, probe.stderr).toBe(0);
    const result = await cli('run', ...licence('good', lab.inventory), '--yes', '--json');
    expect(result.code, result.stdout + result.stderr).toBe(0);
    const lengths = lab
      .host('good')
      .repairs()
      .filter(({ target }) => target.endsWith('-length'));
    expect(lengths.map(({ after }) => after)).toEqual([secrets.licence.length, secrets.licence.length]);
  });

  it('are masked where a script puts them into its error, its facts and its warnings', async () => {
    const result = await cli('run', ...licence('betrayed', lab.inventory), '--param', 'betray=true', '--yes', '--json');
    expect(result.code, result.stdout + result.stderr).toBe(1);
    const { run, hosts } = JSON.parse(result.stdout) as RunReport;
    expect(hosts[0]?.end?.end).toBe('rolled-back');
    expect(hosts[0]?.end?.reason).toMatch(/the server refused '[([]secret[)\]]'/);
    for (const format of ['html', 'json', 'text']) await cli('report', run, '--format', format);
    for (const args of [
      ['status', run],
      ['logs', run],
      ['logs', run, 'betrayed', '--json'],
    ])
      await cli(...args);
  });

  it('are not told where a login with one is refused', async () => {
    const inventory = join(fleet.folder, 'wrong.yaml');
    writeFileSync(
      inventory,
      readFileSync(lab.inventory, 'utf8').replace(fleet.passwordVariable, 'KINTSUGI_TEST_WRONG'),
    );
    const result = await cli('run', ...licence('closed', inventory), '--yes', '--json');
    expect(result.code).toBe(1);
    expect((JSON.parse(result.stdout) as RunReport).hosts[0]?.end?.cause).toBe('unauthenticated');
  });

  it('appear nowhere: Redis and its file, journals, hosts at every change, logs, reports, output, process lists', async () => {
    // A value given where a reference belongs is not repeated either.
    const bad = await cli(
      'run',
      'licence',
      '--hosts',
      'good',
      '-i',
      lab.inventory,
      '--param',
      `licence=${secrets.licence}`,
    );
    expect(bad.code).toBe(2);
    await scan.lookAtRedis(fleet.redis);
    scan.lookAtFolder('own file', fleet.folder);
    for (const run of await fleet.engine.runs.runs())
      for (const host of [runChain, ...lab.hosts.keys()])
        for (const event of await fleet.engine.journal.read(run, host))
          scan.look('journal', host, JSON.stringify(event));
    for (const host of lab.hosts.values()) scan.lookAtHost(host);
    scan.look('log', 'workers', fleet.log());
    scan.lookAtProcesses();
    expect(scan.found).toEqual([]);
    // The scan has seen what it claims to have seen.
    expect(fleet.log()).toContain('"name":"w1"');
    for (const kind of [
      'Redis key',
      'own file',
      'journal',
      'host state',
      'host file',
      'host change',
      'host event',
      'host process',
      'process',
      'CLI',
    ])
      expect(scan.seen[kind] ?? 0, kind).toBeGreaterThan(4);
    expect(readdirSync(join(fleet.folder, 'redis', 'appendonlydir')).length).toBeGreaterThan(1);
  });

  it('the scan finds a value that lies in any of these places in any of these forms', async () => {
    const planted = new SecretScan({ planted: secrets.wrong });
    const redis = connectRedis(fleet.redis);
    const forms = formsOf(secrets.wrong);
    expect(forms).toHaveLength(16);
    for (const [index, { bytes }] of forms.entries()) await redis.hset('planted', `field ${index}`, bytes);
    await planted.lookAtRedis(fleet.redis);
    await redis.del('planted');
    redis.disconnect();
    expect(planted.found.filter((each) => each.startsWith('Redis key planted'))).not.toEqual([]);
    for (const { name, bytes } of forms) {
      const one = new SecretScan({ planted: secrets.wrong });
      one.look('text', name, Buffer.concat([Buffer.from('before '), bytes, Buffer.from(' behind')]));
      expect(one.found, name).not.toEqual([]);
    }
    // As a program would write it: somewhere within a longer text that is then encoded as a whole.
    for (const before of ['', 'a', 'ab', 'operator:'])
      for (const encoding of ['utf8', 'utf16le'] as const) {
        const one = new SecretScan({ planted: secrets.wrong });
        one.look('text', before, Buffer.from(`${before}${secrets.wrong} and more`, encoding).toString('base64'));
        expect(one.found, `${before} ${encoding}`).not.toEqual([]);
      }
    const host = lab.host('closed');
    const onHost = new SecretScan({ planted: secrets.wrong });
    onHost.watch(host);
    await host.machine.files.write('C:\\Windows\\Temp\\planted.txt', Buffer.from(secrets.wrong, 'utf16le'), 4);
    await host.machine.files.remove('C:\\Windows\\Temp\\planted.txt', 4);
    const pid = host.machine.processes.start({
      name: 'planted',
      path: 'C:\\planted.exe',
      commandLine: `planted.exe ${secrets.wrong}`,
    }).pid;
    await host.machine.processes.end(pid, 0);
    expect(onHost.found.map((each) => each.split(' ').slice(0, 2).join(' '))).toEqual(
      expect.arrayContaining(['host file', 'host change', 'host process']),
    );
  });
});
