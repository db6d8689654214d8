import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostPing } from '../../src/operations/ping.ts';
import { type CliPlace, placeOf, runCli } from '../helpers/cli.ts';
import { type Fleet, type FleetLab, openFleet } from '../helpers/fleet.ts';

describe('the commands that ask hosts', () => {
  let fleet: Fleet;
  let lab: FleetLab;
  let place: CliPlace;
  beforeAll(async () => {
    fleet = await openFleet();
    place = placeOf(fleet);
    lab = await fleet.addLab({ one: { base: 'windows-11-24h2' }, two: { base: 'windows-server-2022' } });
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

  it('doctor --host names what is not set up, with the command that mends it, and ends with 3', async () => {
    const { code, stdout } = await runCli(place, 'doctor', '--host', 'two', '-i', lab.inventory);
    expect(code).toBe(3);
    expect(stdout).toContain('✓ Host two, WinRM service: as it should be');
    expect(stdout).toMatch(/✗ Host two, firewall: .*\n {2}→ .*\.\\firewall\.ps1 -Port \d+ -RemoteAddress <workers>/);
    expect(lab.host('two').differences()).toEqual([]);
  });

  it('an unknown deed and an inventory without hosts are bad input', async () => {
    expect(await runCli(place, 'hosts', 'pong', '--hosts', 'all')).toMatchObject({ code: 2 });
    const { code, stderr } = await runCli(place, 'doctor', '-i', lab.inventory);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('--host <pattern>') });
  });
});
