import { describe, expect, it } from 'vitest';
import { blockedReport, reportOf } from '../../../report/report-of.ts';
import { fakeInstallation, runWith } from '../fake-services.ts';
import { around, event } from './around.ts';

describe('cancel, rollback and commit', () => {
  it.each([
    [['cancel', 'r1'], 'cancel null'],
    [['cancel', 'r1', '--rollback'], 'cancel rollback'],
    [['cancel', 'r1', '--leave'], 'cancel leave'],
    [['rollback', 'r1'], 'rollback'],
    [['commit', 'r1'], 'commit'],
  ])('%j gives the order, sees to a worker and follows to the end', async (argv, order) => {
    const { services, asked } = around(await reportOf('a cancel in the middle undoes what was done'));
    expect((await runWith(argv, services)).code).toBe(5);
    expect(asked).toEqual([order, 'workers 1', 'follow r1 null true', 'closed']);
  });

  it('an order after the end tells only what came after it', async () => {
    const { services, status } = around(await blockedReport());
    const shown = async (lastAt: string) => {
      const hosts = status.hosts.map((host) => ({ ...host, host: 'w1', lastAt }));
      const connect = async () =>
        fakeInstallation({
          status: async () => ({ ...status, state: 'ended', hosts }),
          rollBack: async () => undefined,
          requireWorkers: async () => undefined,
          follow: async (_run, _host, _untilEnd, onEvent) => onEvent(event),
          report: () => blockedReport(),
        });
      return (await runWith(['rollback', 'r1'], { ...services, connect })).out;
    };
    expect(await shown('1969-12-31T23:59:59.999Z')).toContain('setValue: begun');
    expect(await shown(event.at)).not.toContain('setValue: begun');
  });

  it('with --detach return at once', async () => {
    const { services, asked } = around(await blockedReport());
    expect((await runWith(['rollback', 'r1', '--detach', '--json'], services)).out).toBe('{"run":"r1"}');
    expect(asked).toEqual(['rollback', 'workers 1', 'closed']);
  });

  it('--rollback and --leave exclude each other', async () => {
    const { services, asked } = around(await blockedReport());
    const { code, err } = await runWith(['cancel', 'r1', '--rollback', '--leave'], services);
    expect([code, err]).toEqual([2, expect.stringContaining('exclude each other')]);
    expect(asked).toEqual([]);
  });

  it('a cancel says which scripts it waits for, and until when', async () => {
    const { services, status } = around(await reportOf('a cancel in the middle undoes what was done'));
    const hosts = status.hosts.map((host) => ({ ...host, host: 'w1', heldUntil: '1970-01-01T03:32:30.000Z' }));
    const connect = async () =>
      fakeInstallation({
        status: async () => ({ ...status, hosts }),
        cancel: async () => undefined,
        requireWorkers: async () => undefined,
      });
    const shown = await runWith(['cancel', 'r1', '--detach'], { ...services, connect });
    expect(shown.out).toContain('w1: waits for the end of step setValue, until 03:32:30 UTC at the latest');
    expect((await runWith(['cancel', 'r1', '--detach', '--json'], { ...services, connect })).out).toBe('{"run":"r1"}');
  });

  it('a run that has ended is not cancelled', async () => {
    const { services, status, asked } = around(await blockedReport());
    const ended = async () => fakeInstallation({ status: async () => ({ ...status, state: 'ended' }) });
    const { code, err } = await runWith(['cancel', 'r1'], { ...services, connect: ended });
    expect([code, err]).toEqual([2, expect.stringContaining('`kintsugi rollback r1` undoes it')]);
    expect(asked).toEqual([]);
  });
});
