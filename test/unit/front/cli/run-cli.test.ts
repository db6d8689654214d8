import { describe, expect, it } from 'vitest';
import { Failure, type FailureCode, failures } from '../../../../src/kernel/failure.ts';
import { runWith } from './fake-services.ts';

describe('help and version', () => {
  it('nothing typed: the help goes to standard error, exit code 2', async () => {
    const { code, out, err } = await runWith([]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('Commands:');
  });

  it.each([['--help'], ['-h'], ['help']])('%s: the help, exit code 0', async (word) => {
    const { code, out } = await runWith([word]);
    expect(code).toBe(0);
    expect(out).toContain('kintsugi <command> [options]');
  });

  it.each([
    [['run', '--help']],
    [['run', 'x', '-h', '--batch', '3']],
    [['help', 'run']],
    [['--lang', 'en', 'run', '--help']],
    [['--json', 'run', '--help']],
  ])('%j: the help of the command', async (argv) => {
    const { code, out } = await runWith(argv);
    expect(code).toBe(0);
    expect(out).toContain('Usage: kintsugi run <playbook> --hosts <pattern>');
  });

  it.each([[['--help', '--lang', 'ja']], [['--lang=ja', 'help']], [['help', '--lang=ja']]])(
    '%j: in Japanese',
    async (argv) => {
      const { code, out } = await runWith(argv);
      expect([code, out.includes('コマンド:')]).toEqual([0, true]);
    },
  );

  it('the language of the surroundings holds where none is asked for', async () => {
    expect((await runWith(['doctor', '--help'], {}, { language: 'ja' })).out).toContain('使い方');
    expect((await runWith(['doctor', '--help', '--lang', 'en'], {}, { language: 'ja' })).out).toContain('Usage');
    expect((await runWith(['help', '--lang'], {}, { language: 'ja' })).out).toContain('使い方');
  });

  it.each([['--version'], ['-V']])('%s: the version', async (word) =>
    expect(await runWith([word])).toMatchObject({ code: 0, out: '1.2.3' }),
  );
});

describe('faults', () => {
  it('an unknown command is told with the one that was meant, exit code 2', async () => {
    const { code, err } = await runWith(['statsu']);
    expect([code, err]).toEqual([
      2,
      'kintsugi: Unknown command "statsu". Did you mean `kintsugi status`? See: kintsugi --help',
    ]);
    expect((await runWith(['help', 'vaildate'])).err).toContain('Did you mean `kintsugi validate`?');
    expect((await runWith(['zebra'])).err).toBe('kintsugi: Unknown command "zebra". See: kintsugi --help');
  });

  it('a wrong option never reaches the services, exit code 2', async () => {
    const { code, err } = await runWith(['run', 'demo/small', '--host', 'all']);
    expect([code, err.split('\n')[0]]).toEqual([2, 'kintsugi: Unknown option --host. Did you mean --hosts?']);
  });

  it.each(Object.entries(failures))('%s ends a command with its exit code', async (code, { exit }) => {
    const doctor = async () => {
      throw new Failure(code as FailureCode, 'what happened');
    };
    expect(await runWith(['doctor'], { doctor })).toMatchObject({
      code: exit,
      err: 'kintsugi: what happened',
      out: '',
    });
  });

  it('with --json a fault is JSON on standard output, with its code and facts', async () => {
    const doctor = async () => {
      throw new Failure('redis-missing', 'no redis-server', { facts: { path: '/usr/bin' } });
    };
    const { code, out, err } = await runWith(['doctor', '--json'], { doctor });
    expect([code, err]).toEqual([3, '']);
    expect(JSON.parse(out)).toEqual({ error: 'redis-missing', message: 'no redis-server', path: '/usr/bin' });
    expect(JSON.parse((await runWith(['nonsense', '--json'])).out)).toMatchObject({ error: 'bad-input' });
  });

  it('a text from outside does not steer the terminal', async () => {
    const doctor = async () => {
      throw new Failure('unreachable', 'host said \u001b[2J');
    };
    expect((await runWith(['doctor'], { doctor })).err).toBe('kintsugi: host said \ufffd[2J');
  });

  it('a refusal of the operating system is told without a stack, exit code 3', async () => {
    const doctor = async () => {
      throw Object.assign(new Error("EACCES: permission denied, mkdir '/keys'"), { code: 'EACCES', syscall: 'mkdir' });
    };
    const told = { code: 3, err: "kintsugi: EACCES: permission denied, mkdir '/keys'", out: '' };
    expect(await runWith(['doctor'], { doctor })).toMatchObject(told);
    expect(JSON.parse((await runWith(['doctor', '--json'], { doctor })).out)).toMatchObject({ error: 'EACCES' });
  });

  it('a fault of this program is not hidden', async () => {
    const doctor = async () => {
      throw new TypeError('a bug');
    };
    await expect(runWith(['doctor'], { doctor })).rejects.toThrow('a bug');
  });
});
