import { describe, expect, it } from 'vitest';
import type { CliServices, Installation } from '../../../../../src/front/cli/services.ts';
import type { RunReport } from '../../../../../src/report/run-report.ts';
import { blockedReport, reportOf } from '../../../report/report-of.ts';
import { fakeInstallation, runWith } from '../fake-services.ts';
import { fakeTerminal } from '../fake-terminal.ts';
import { around } from './around.ts';

describe('worker, lab, demo and doctor', () => {
  it('worker works until it is interrupted', async () => {
    const terminal = fakeTerminal();
    const given: unknown[] = [];
    const work: CliServices['work'] = async ({ signal, ...options }) => {
      given.push(options);
      terminal.interrupt();
      expect(signal.aborted).toBe(true);
    };
    expect((await runWith(['worker', '--concurrency', '5', '--until-idle'], { work }, { terminal })).code).toBe(0);
    await runWith(['worker'], { work }, { terminal });
    expect(given).toEqual([
      { concurrency: 5, untilIdle: true },
      { concurrency: null, untilIdle: false },
    ]);
    expect((await runWith(['worker', '--concurrency', '0'], { work })).code).toBe(2);
  });

  it('lab shows its hosts until it is interrupted, then ends them', async () => {
    const terminal = fakeTerminal();
    let closed = false;
    const given: unknown[] = [];
    const startLab: CliServices['startLab'] = async (options) => {
      const { onNotice, ...choice } = options;
      given.push(choice);
      setImmediate(() => {
        onNotice('srv', 'restart at change 2');
        terminal.interrupt();
      });
      return {
        pending: () => [{ host: 'pc1', what: 'command-hangs dism: 1 more call' }],
        hosts: [
          { name: 'pc1', port: 15985, description: 'corrupt cache', redfish: null },
          { name: 'srv', port: 15986, description: 'old firmware', redfish: 'https://127.0.0.1:443' },
        ],
        hardware: { xclarity: 'https://127.0.0.1:444', authorityFile: '/x/ca.pem' },
        inventoryFile: '/x/inventory.yaml',
        [Symbol.asyncDispose]: async () => {
          closed = true;
        },
      };
    };
    const { code, out } = await runWith(['lab', 'my.yaml', '--port', '15985'], { startLab }, { terminal });
    expect([code, closed, given]).toEqual([0, true, [{ file: 'my.yaml', port: 15985, engine: 'simulator' }]]);
    expect(out).toMatch(
      /pc1 +15985 +corrupt cache\nsrv +15986 +old firmware\n\nRedfish srv: https:.*443\/redfish\/v1\/\n/,
    );
    expect(out).toMatch(/\nXClarity Administrator: https:.*444\nCA: \/x\/ca.pem\n\nInventory: \/x\/inventory.yaml/);
    expect(out).toMatch(/\nsrv: restart at change 2\npc1: did not come: command-hangs dism: 1 more call$/);
    expect(terminal.listeners()).toBe(0);
  });

  const demoOf = (report: RunReport, ok: boolean, follow?: Installation['follow']): Partial<CliServices> => {
    const { services, status } = around(report);
    const installation = fakeInstallation({
      status: async () => status,
      report: async () => report,
      follow: follow ?? (async () => undefined),
    });
    return {
      ...services,
      startDemo: async ({ say }) => {
        say('setting up');
        return {
          run: 'r1',
          installation,
          judge: async () => [
            {
              host: 'w1',
              expected: 'repaired',
              end: 'repaired',
              ok,
              difference: { allowed: 0, rest: ['a', 'b', 'c', 'd'] },
            },
            { host: 'w2', expected: 'rolled-back', end: 'rolled-back', ok: true, difference: { allowed: 9, rest: [] } },
          ],
          [Symbol.asyncDispose]: async () => undefined,
        };
      },
    };
  };

  it('demo judges every host: 0 where all ended as promised, else 1, whatever the ends are', async () => {
    const good = await runWith(['demo'], demoOf(await blockedReport(), true));
    expect(good.code).toBe(0);
    expect(good.out).toMatch(/^setting up\n/);
    expect(good.out).toMatch(/w1 +repaired +✓ +4\nw2 +rolled back +✓ +0 \(\+ 9 allowed\)/);
    expect((await runWith(['demo', '--lang=ja'], demoOf(await blockedReport(), true))).out).toMatch(
      /w1 +修復済み +✓ +4\nw2 .* 0 \(\+ 9 許容\)/,
    );
    const bad = await runWith(['demo'], demoOf(await reportOf('three steps repair the host'), false));
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(/w1 +repaired +✗ +4: a, b, c\n/);
  });

  it('demo that is interrupted says that it was stopped: nothing of it goes on', async () => {
    const terminal = fakeTerminal();
    const services = demoOf(await blockedReport(), true, async () => terminal.interrupt());
    const { code, err } = await runWith(['demo'], services, { terminal });
    expect([code, err]).toEqual([5, 'The demo was stopped.']);
  });

  it('doctor tells findings and remedies; 3 where something is missing', async () => {
    const fine = { what: 'Node', state: 'ok' as const, detail: '24', remedy: '' };
    const hint = { what: 'Inventory', state: 'warning' as const, detail: 'none', remedy: 'write one' };
    const gap = { what: 'Redis', state: 'missing' as const, detail: 'none', remedy: 'apt-get install redis-server' };
    const all = await runWith(['doctor'], { doctor: async () => [fine, hint, gap] });
    expect(all).toMatchObject({
      code: 3,
      out: '✓ Node: 24\n! Inventory: none\n  → write one\n✗ Redis: none\n  → apt-get install redis-server',
    });
    expect((await runWith(['doctor'], { doctor: async () => [fine, hint] })).code).toBe(0);
    expect(JSON.parse((await runWith(['doctor', '--json'], { doctor: async () => [fine] })).out)).toEqual([fine]);
    const named: (string | null)[] = [];
    const doctor = async (inventory: string | null) => {
      named.push(inventory);
      return [fine];
    };
    for (const more of [[], ['-i', 'lab.yaml']]) expect((await runWith(['doctor', ...more], { doctor })).code).toBe(0);
    expect(named).toEqual([null, 'lab.yaml']);
  });
});
