import { describe, expect, it } from 'vitest';
import type { HostCmdShell } from '../../../../src/lab/server/cmd-host.ts';
import { StreamInput } from '../../../../src/lab/server/stream-input.ts';
import { createCmdHost } from '../../../../src/lab/windows/cmd/cmd-host.ts';
import { CmdSyntaxError, expandPercent, readCommandLine } from '../../../../src/lab/windows/cmd/command-line.ts';
import { labMachine } from './run-script.ts';

const crlf = (...lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join('');

type Result = { readonly code: number; readonly out: string; readonly error: string };
type Options = Partial<Parameters<ReturnType<typeof createCmdHost>['openCmdShell']>[0]>;

const open = (options: Options = {}, machine = labMachine()) => {
  const user = machine.accounts[0]!.name;
  const shell = createCmdHost(machine).openCmdShell({ shellId: 'A', user, environment: [], ...options });
  return {
    machine,
    shell,
    run: (line: string, input = '', skipCmdShell = false) => runIn(shell, line, input, skipCmdShell),
  };
};

const runIn = async (shell: HostCmdShell, line: string, text: string, skipCmdShell: boolean): Promise<Result> => {
  const [out, error]: [Buffer[], Buffer[]] = [[], []];
  const input = new StreamInput<Uint8Array>();
  input.push(Buffer.from(text));
  input.end();
  const [command = '', ...words] = skipCmdShell ? line.split(' ') : [line];
  const running = shell.run(
    { command, arguments: words, skipCmdShell, input },
    { stdout: (bytes) => out.push(Buffer.from(bytes)), stderr: (bytes) => error.push(Buffer.from(bytes)) },
  );
  if (!running) return { code: Number.NaN, out: '', error: 'no such program' };
  const code = await running.done;
  return { code, out: Buffer.concat(out).toString('latin1'), error: Buffer.concat(error).toString('latin1') };
};

const encoded = (script: string): string => Buffer.from(script, 'utf16le').toString('base64');

describe('a command line of cmd.exe', () => {
  const shape = (text: string): string =>
    JSON.stringify(readCommandLine(text), (key, value: unknown) => (key === 'kind' ? undefined : value));

  it('is a list of pipes, with what stands between them', () => {
    expect(shape('a x&b && c|d || e')).toBe(
      '[{"after":"&","pipeline":[{"name":"a","rest":" x","redirections":[]}]},{"after":"&","pipeline":[{"name":"b","rest":" ","redirections":[]}]},{"after":"&&","pipeline":[{"name":"c","rest":"","redirections":[]},{"name":"d","rest":" ","redirections":[]}]},{"after":"||","pipeline":[{"name":"e","rest":"","redirections":[]}]}]',
    );
  });

  it.each([
    ['echo "a & b" ^& c', 'echo', ' "a & b" & c'],
    ['"C:\\my tools\\x.exe" /a', '"C:\\my tools\\x.exe"', ' /a'],
    ['cd..', 'cd', '..'],
    ['echo.', 'echo', '.'],
    ['dir/b', 'dir', '/b'],
    ['@echo off', 'echo', ' off'],
    ['echo (a)', 'echo', ' (a'],
  ])('%s names %s', (text, name, rest) => {
    const [command] = readCommandLine(text.replace(/\)$/u, ''))[0]!.pipeline;
    expect(command).toMatchObject({ name, rest });
  });

  it.each([
    ['a > "x y" b', [{ stream: 1, to: { kind: 'file', path: 'x y', append: false } }], '  b'],
    ['a 2>>x', [{ stream: 2, to: { kind: 'file', path: 'x', append: true } }], ''],
    ['a<x', [{ stream: 0, to: { kind: 'file', path: 'x', append: false } }], ''],
    ['a 2>&1', [{ stream: 2, to: { kind: 'stream', stream: 1 } }], ''],
    ['a1>x', [{ stream: 1, to: { kind: 'file', path: 'x', append: false } }], ''],
  ])('%s goes elsewhere', (text, redirections, rest) => {
    const [command] = readCommandLine(text)[0]!.pipeline;
    expect(command?.redirections).toEqual(redirections);
    expect(command?.kind === 'simple' && command.rest.trimEnd()).toBe(rest);
  });

  it.each(['&& a', 'a &&', '(a', 'a)', 'a >', '| a'])('%s is none', (text) => {
    expect(() => readCommandLine(text)).toThrow(CmdSyntaxError);
  });

  it('takes the value of a variable wherever it stands, and leaves what is none', () => {
    const values: Record<string, string> = { A: '1', 'B C': '2' };
    expect(expandPercent('%A%%B C%-%none% 5% 6%', (name) => values[name])).toBe('12-%none% 5% 6%');
  });
});

describe('a cmd shell on a simulated machine', () => {
  it('writes and says how it ended', async () => {
    const { run } = open();
    expect(await run('echo hi  there')).toEqual({ code: 0, out: crlf('hi  there'), error: '' });
    expect((await run('exit 7')).code).toBe(7);
    expect((await run('exit /b -1')).code).toBe(-1);
    expect(await run('nosuch /x')).toEqual({
      code: 1,
      out: '',
      error: crlf("'nosuch' is not recognized as an internal or external command,", 'operable program or batch file.'),
    });
    expect((await run('a &&')).code).toBe(255);
  });

  it('knows who and where it is', async () => {
    const { machine, run } = open({ workingDirectory: 'C:\\Windows' });
    expect((await run('hostname')).out).toBe(crlf(machine.name));
    expect((await run('whoami')).out).toBe(crlf(machine.accounts[0]!.name.toLowerCase()));
    expect((await run('whoami /user')).out).toContain(machine.accounts[0]!.sid);
    expect((await run('cd')).out).toBe(crlf('C:\\Windows'));
    expect((await run('cd System32 & cd & cd /d "C:\\Program Files" && cd')).out).toBe(
      crlf('C:\\Windows\\System32', 'C:\\Program Files'),
    );
    expect((await run('ver')).out).toMatch(/Microsoft Windows \[Version 10\.0\.\d+\.\d+\]/u);
  });

  it('has the environment that it was given, and one of its own for each command', async () => {
    const { run } = open({
      environment: [
        ['env1', 'var 1'],
        ['1234', '5678'],
      ],
    });
    expect((await run('echo %ENV1%-%1234%-%none%')).out).toBe(crlf('var 1-5678-%none%'));
    expect((await run('set new=x y& set n')).out).toContain(crlf('new=x y'));
    expect(await run('set new')).toEqual({ code: 1, out: '', error: crlf('Environment variable new not defined') });
  });

  it('writes its console in the code page asked for', async () => {
    const umlaut = await open({ codepage: 65_001 }).run('echo ä');
    expect(Buffer.from(umlaut.out, 'latin1').toString('utf8')).toBe(crlf('ä'));
    expect((await open({ codepage: 1252 }).run('echo ä')).out).toBe(crlf('ä'));
    expect((await open().run('chcp 65001 > nul & chcp')).out).toBe(crlf('Active code page: 65001'));
  });

  it('reads and writes files', async () => {
    const { run } = open({ workingDirectory: 'C:\\' });
    await run('mkdir work\\deep & echo one>work\\a.txt& echo two >> "C:\\work\\a.txt"');
    expect((await run('type work\\a.txt')).out).toBe(crlf('one', 'two '));
    expect((await run('copy work\\a.txt work\\deep & move work\\a.txt work\\b.txt & dir /b work')).out).toBe(
      crlf('        1 file(s) copied.', '        1 file(s) moved.', 'b.txt', 'deep'),
    );
    expect((await run('dir work')).out).toMatch(/Directory of C:\\work\r\n\r\n.*<DIR> {10}deep\r\n/su);
    expect((await run('if exist work\\b.txt echo there')).out).toBe(crlf('there'));
    expect((await run('if not exist work\\b.txt echo gone')).out).toBe('');
    expect((await run('del work\\*.txt & rmdir /s /q work & if not exist work echo gone')).out).toBe(crlf('gone'));
    expect(await run('type work\\b.txt')).toEqual({
      code: 1,
      out: '',
      error: crlf('The system cannot find the path specified.'),
    });
  });

  it('gives a file another name', async () => {
    const { run, machine } = open();
    const home = 'C:\\Windows\\Temp';
    expect(await run(`cd ${home}& echo first>a.txt& mklink /H b.txt a.txt& echo second>>b.txt& type a.txt`)).toEqual({
      code: 0,
      out: crlf('Hardlink created for b.txt <<===>> a.txt', 'first', 'second'),
      error: '',
    });
    expect(machine.files.get(`${home}\\a.txt`).file).toBe(machine.files.get(`${home}\\b.txt`).file);
    const [there, folder, wrong, outside] = [
      await run(`mklink /H ${home}\\b.txt ${home}\\a.txt`),
      await run(`mklink /H ${home}\\c ${home}`),
      await run('mklink /H x'),
      await run(`mklink /J ${home}\\c ${home}`),
    ];
    expect([there.code, there.error]).toEqual([1, crlf('Cannot create a file when that file already exists.')]);
    expect([folder.code, folder.error]).toEqual([1, crlf('Access is denied.')]);
    expect([wrong.code, wrong.error]).toEqual([1, crlf('The syntax of the command is incorrect.')]);
    expect(outside.error).toContain('The lab does not simulate mklink /J');
  });

  it('joins commands by their success and by pipes', async () => {
    const { run } = open();
    expect((await run('hostname 2>nul && echo yes || echo no')).out).toContain('yes');
    expect((await run('nosuch 2>nul && echo yes || echo no')).out).toBe(crlf('no'));
    expect((await run('(echo a & echo b) > nul & echo c')).out).toBe(crlf('c'));
    expect((await run('nosuch 2>&1 | powershell -Command -')).error).toContain('CategoryInfo');
  });

  it('runs PowerShell, its output as text and its errors as text or CLIXML', async () => {
    const { run } = open({ workingDirectory: 'C:\\Windows' });
    expect(await run('powershell -NoProfile -Command "1 + 1; (Get-Location).Path"')).toMatchObject({
      code: 0,
      out: crlf('2', 'C:\\Windows'),
    });
    expect(await run(`powershell -encodedcommand ${encoded("Write-Host 'hä'; exit 3")}`)).toMatchObject({ code: 3 });
    const failed = await run(`powershell.exe -EncodedCommand ${encoded("Write-Error 'bad & sad'; 'after'")}`);
    expect(failed).toMatchObject({ code: 1, out: crlf('after') });
    expect(failed.error).toMatch(
      /^#< CLIXML\r\n<Objs Version="1\.1\.0\.1" xmlns="[^"]+"><S S="Error">Write-Error : bad &amp; sad_x000D__x000A_<\/S>/u,
    );
    expect((await run("powershell -Command throw 'no'")).error).toContain('FullyQualifiedErrorId : no');
    expect((await run('powershell -', '$x = 20\n$x + 2\n')).out).toBe(crlf('22'));
    expect((await run('powershell -nosuchoption')).code).toBe(-196_608);
  });

  it.each([
    ['netsh show', 'netsh show'],
    ['for %i in (a b) do echo %i', 'for'],
    ['C:\\tools\\repair.cmd now', 'C:\\tools\\repair.cmd'],
  ])('tells that the lab does not simulate %s', async (line, what) => {
    expect(await open().run(line)).toMatchObject({
      code: -2_147_467_263,
      error: crlf(`The lab does not simulate ${what}.`),
    });
  });

  it('starts programs without cmd.exe only by their path', async () => {
    const { run } = open();
    expect((await run('powershell.exe -Command 1', '', true)).error).toBe('no such program');
    const path = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';
    expect((await run(`${path} -Command 1`, '', true)).out).toBe(crlf('1'));
  });

  it('ends a command with all that it started', async () => {
    const { machine, shell } = open();
    const started = machine.processes.all().length;
    const sink = { stdout: () => undefined, stderr: () => undefined };
    const sleep = { command: 'powershell -Command "Start-Sleep 600"', arguments: [], skipCmdShell: false };
    const running = shell.run({ ...sleep, input: new StreamInput<Uint8Array>() }, sink);
    await expect.poll(() => machine.processes.all().length).toBe(started + 2);
    running?.kill();
    expect(await running?.done).toBe(-1_073_741_510);
    expect(machine.processes.all()).toHaveLength(started);
    shell.close();
    await shell.killed;
    expect(machine.processes.all()).toHaveLength(started - 1);
  });
});
