import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostPing } from '../../src/operations/ping.ts';
import type { Tape } from '../../src/remote/protocol/tape/tape.ts';
import { type CliPlace, placeOf, runCli } from '../helpers/cli.ts';
import { type Fleet, type FleetLab, openFleet } from '../helpers/fleet.ts';

describe('the commands that ask hosts', () => {
  let fleet: Fleet;
  let lab: FleetLab;
  let place: CliPlace;
  beforeAll(async () => {
    fleet = await openFleet();
    place = placeOf(fleet);
    lab = await fleet.addLab({
      one: { base: 'windows-11-24h2' },
      two: { base: 'windows-server-2022', workersAllowed: false },
    });
  });
  afterAll(async () => {
    await fleet?.[Symbol.asyncDispose]();
  });

  it('hosts ping tells what was negotiated, and changes nothing', async () => {
    const json = await runCli(place, 'hosts', 'ping', '--hosts', 'all', '-i', lab.inventory, '--json');
    expect(json.code, json.stderr).toBe(0);
    const pings = JSON.parse(json.stdout) as readonly HostPing[];
    expect(pings.map(({ host }) => host)).toEqual(['one', 'two']);
    for (const ping of pings)
      expect(ping).toMatchObject({
        ok: true,
        session: {
          transport: 'winrm',
          sealed: true,
          tls: false,
          protocolVersion: '2.3',
          languageMode: 'FullLanguage',
          envelopeBytes: 512_000,
        },
      });
    const text = await runCli(place, 'hosts', 'ping', '--hosts', 'two', '-i', lab.inventory);
    expect(text.stdout).toMatch(/^two +127\.0\.0\.1:\d+ +winrm .* FullLanguage +512 kB/m);
    for (const host of lab.hosts.values()) expect(host.differences()).toEqual([]);
  });

  it('hosts ping tells why a host gives no session, and ends with 1', async () => {
    const wrong = { ...place, environment: { ...place.environment, [fleet.passwordVariable]: 'not the password' } };
    const { code, stdout } = await runCli(wrong, 'hosts', 'ping', '--hosts', 'one', '-i', lab.inventory);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^one +127\.0\.0\.1:\d+ +login refused/m);
    expect(stdout).not.toContain('not the password');
  });

  it('warnings name the host, as lines of the product', async () => {
    const clear = join(fleet.projectDir, 'clear.yaml');
    const settings = '    mechanisms: [basic]\n    allowUnencrypted: true\n';
    writeFileSync(clear, readFileSync(lab.inventory, 'utf8').replace(/( {4}port: \d+\n)/, `$1${settings}`));
    const { stderr } = await runCli(place, 'hosts', 'ping', '--hosts', 'one', '-i', clear);
    expect(stderr).toMatch(/^kintsugi: warning: one: 127\.0\.0\.1:\d+: password and messages travel in clear text/m);
    expect(stderr).not.toContain('KintsugiWarning');
  });

  it('doctor --host names what is not set up, with the command that mends it, and ends with 1', async () => {
    const { code, stdout } = await runCli(place, 'doctor', '--host', 'two', '-i', lab.inventory);
    expect(code).toBe(1);
    expect(stdout).toContain('✓ Host two, WinRM service: as it should be');
    expect(stdout).toMatch(/✗ Host two, firewall: .*\n {2}→ .*\.\\firewall\.ps1 -Port \d+ -RemoteAddress <workers>/);
    expect(lab.host('two').differences()).toEqual([]);
    const good = await runCli(place, 'doctor', '--host', 'one', '-i', lab.inventory);
    expect(good.stdout).toContain('✓ Host one, firewall: as it should be');
    expect(good.code, good.stdout).toBe(0);
  });

  it('record writes a session as a tape, without names where that is asked for, and tells which script failed', async () => {
    const script = join(fleet.projectDir, 'names.ps1');
    writeFileSync(
      script,
      '"on $env:COMPUTERNAME by $([Security.Principal.WindowsIdentity]::GetCurrent().Name)"; throw "odd"',
    );
    const record = (...more: string[]) =>
      runCli(place, 'record', 'two', '-i', lab.inventory, '--script', script, '--out', 'two.tape.json', ...more);
    const read = (): string => {
      const tape = JSON.parse(readFileSync(join(fleet.projectDir, 'two.tape.json'), 'utf8')) as Tape;
      const texts = tape.messages.flatMap(({ request, response }) => [request, response ?? '']);
      const payloads = texts.flatMap((text) =>
        Array.from(text.matchAll(/<rsp:(?:Stream|Arguments)[^>]*>([^<]+)</g), ([, payload]) => payload ?? ''),
      );
      return [...texts, ...payloads.map((payload) => Buffer.from(payload, 'base64').toString())].join('\n');
    };
    const { code, stdout, stderr } = await record();
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('odd') });
    expect(stdout).toMatch(/^two\.tape\.json: \d+ exchanges$/m);
    expect(read()).toContain('on TWO by TWO\\operator');
    expect(read()).not.toContain(fleet.password);
    expect(await record('--scrub')).toMatchObject({ code: 0 });
    const kept = read();
    const wrong = { ...place, environment: { ...place.environment, [fleet.passwordVariable]: 'wrong' } };
    const again = ['record', 'two', '-i', lab.inventory, '--out'];
    for (const out of ['two.tape.json', 'new.tape.json']) expect((await runCli(wrong, ...again, out)).code).toBe(1);
    expect(read()).toBe(kept);
    expect(existsSync(join(fleet.projectDir, 'new.tape.json'))).toBe(false);
    expect(read()).toMatch(/on x\dx by x/);
    expect(read()).not.toMatch(/operator|\bTWO\b/i);
  });

  it('an unknown deed is bad input', async () => {
    expect(await runCli(place, 'hosts', 'pong', '--hosts', 'all')).toMatchObject({ code: 2 });
  });
});
