import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { PowerShell } from 'node-powershell';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { Secret } from '../../../src/kernel/secret.ts';
import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';
import { openBridgeShell } from '../../../src/remote/transport/bridge/open-bridge-shell.ts';
import { contractScripts } from '../../contract/remote-shell-scripts.ts';
import { failureOf, script } from '../../contract/shared-shell.ts';
import { descendantsOf, isAlive, statOf } from '../../helpers/descendants.ts';
import { makePwshStandIn } from '../../helpers/pwsh-programs.ts';

const standIn = makePwshStandIn();
const opened: RemoteShell[] = [];
afterEach(async () => {
  while (opened.length > 0) await opened.pop()?.close();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
afterAll(() => standIn.remove());

/** A program of shell script; `$standIn` is the lab's pwsh. */
const program = (name: string, ...lines: readonly string[]): string => {
  const file = join(dirname(standIn.executable), name);
  writeFileSync(file, `#!/bin/sh\nstandIn='${standIn.executable}'\n${lines.join('\n')}\n`, { mode: 0o755 });
  return file;
};
const open = async (executable = standIn.executable, startTimeoutMs = 60_000) => {
  const shell = await openBridgeShell({
    target: { kind: 'local' },
    executable,
    startTimeoutMs,
    connectTimeoutMs: 60_000,
  });
  opened.push(shell);
  return shell;
};
/** What is done, and the processes that it left running below this one. */
const withNewProcesses = async <T>(work: () => Promise<T>): Promise<readonly [T, readonly number[]]> => {
  const before = new Set(descendantsOf(process.pid));
  const done = await work();
  return [done, descendantsOf(process.pid).filter((pid) => !before.has(pid))];
};

describe('The process of a bridge', () => {
  // A rejection that nobody handles would fail the whole run of the tests.
  it('may be killed under a call: it ends as dropped, the next one as unreachable, and nothing else is hurt', async () => {
    const [shell, pids] = await withNewProcesses(() => open());
    expect(pids.length).toBeGreaterThan(0);
    const call = shell.invoke(script(contractScripts.endless), {
      onStream: () => {
        for (const pid of pids) process.kill(pid, 'SIGKILL');
      },
    });
    const failure = await failureOf(call);
    expect(failure).toMatchObject({ code: 'dropped', message: expect.stringContaining('ended by SIGKILL') });
    expect((await failureOf(shell.invoke(script(contractScripts.get)))).code).toBe('unreachable');
    await shell.close();
  });

  it('may be killed between calls, which the next call tells', async () => {
    const [shell, pids] = await withNewProcesses(() => open());
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    // Gone without a trace: this program has been told of it.
    await expect.poll(() => pids.filter((pid) => statOf(pid).length > 0), { timeout: 20_000 }).toEqual([]);
    expect((await failureOf(shell.invoke(script(contractScripts.get)))).code).toBe('unreachable');
  });

  it('is gone with all that it started when the session is closed', async () => {
    const executable = program('with-child', 'sleep 600 &', 'exec "$standIn" "$@"');
    const [shell, pids] = await withNewProcesses(() => open(executable));
    expect(pids.length).toBeGreaterThanOrEqual(2);
    await shell.close();
    await expect.poll(() => pids.filter(isAlive), { timeout: 20_000 }).toEqual([]);
  });

  it('leaves nothing behind that it started where it is killed itself', async () => {
    const left = join(dirname(standIn.executable), 'left');
    const executable = program('leaves', `sleep 600 & echo $! > '${left}'`, 'exec "$standIn" "$@"');
    const [shell, pids] = await withNewProcesses(() => open(executable));
    const orphan = Number(readFileSync(left, 'utf8'));
    expect(pids).toContain(orphan);
    for (const pid of pids) if (pid !== orphan) process.kill(pid, 'SIGKILL');
    await expect.poll(() => pids.filter(isAlive), { timeout: 20_000 }).toEqual([]);
    await shell.close();
  });

  it('leads a group of its own, so that no signal for it reaches this program', async () => {
    const [, pids] = await withNewProcesses(() => open());
    const groups = pids.map((pid) => Number(statOf(pid)[2]));
    expect(new Set(groups)).toEqual(new Set([Math.min(...pids)]));
  });

  it('gets nothing of the environment but what programs need', async () => {
    vi.stubEnv('KT_OPS', 'canary-in-the-mine');
    const shell = await open();
    const names = await shell.invoke(script('$env:KT_OPS; [string]::IsNullOrEmpty($env:PATH)'));
    expect(JSON.stringify(names.output)).not.toContain('canary');
  });

  it('is killed with all that it started when the opening is given up', async () => {
    const executable = program('waits', 'sleep 600 &', 'sleep 600 &', 'cat > /dev/null', 'sleep 600');
    const before = new Set(descendantsOf(process.pid));
    const started = async () => descendantsOf(process.pid).filter((pid) => !before.has(pid));
    const controller = new AbortController();
    const opening = openBridgeShell(
      { target: { kind: 'local' }, executable, connectTimeoutMs: 60_000 },
      controller.signal,
    );
    // The program itself and three others.
    await expect.poll(async () => (await started()).length, { timeout: 20_000 }).toBe(4);
    const pids = await started();
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(opening).rejects.toBe(reason);
    await expect.poll(() => pids.filter(isAlive), { timeout: 20_000 }).toEqual([]);
  });

  it('keeps nothing of what it was told and what it said', async () => {
    const invoke = vi.spyOn(PowerShell.prototype, 'invoke');
    const shell = await open();
    await shell.invoke(script(contractScripts.echo, { Value: 'remembered?' }));
    const shells = new Set(invoke.mock.contexts as PowerShell[]);
    expect(shells.size).toBe(1);
    for (const each of shells) expect(each.history).toEqual([]);
  });

  it('shows no secret in what it reads, and has it in no argument', async () => {
    const log = join(dirname(standIn.executable), 'lines.log');
    const executable = program('logged', `echo "$@" > '${log}'`, `tee -a '${log}' | "$standIn" "$@"`);
    const secret = 'S3cret-ünd-lang-genug';
    const shell = await open(executable);
    const reveal = 'param([securestring] $Password) [System.Net.NetworkCredential]::new("", $Password).Password.Length';
    expect((await shell.invoke(script(reveal, { Password: new Secret(secret) }))).output).toEqual([secret.length]);
    await shell.close();
    const read = readFileSync(log, 'utf8');
    const packed = read.match(/[A-Za-z0-9+/]{16,}={0,2}/gu)?.map((word) => Buffer.from(word, 'base64')) ?? [];
    const inside = packed.flatMap((bytes) => bytes.toString('latin1').match(/[A-Za-z0-9+/]{16,}={0,2}/gu) ?? []);
    const all = [Buffer.from(read), ...packed, ...inside.map((word) => Buffer.from(word, 'base64'))];
    expect(packed.length).toBeGreaterThan(3);
    for (const encoding of ['utf8', 'utf16le', 'latin1'] as const)
      expect(all.filter((bytes) => bytes.includes(Buffer.from(secret, encoding)))).toEqual([]);
  });

  it('that is not installed is told, with what to do', async () => {
    const failure = await failureOf(open('/nonexistent/pwsh'));
    expect(failure.code).toBe('unreachable');
    expect(failure.message).toContain('Install PowerShell on this machine, or set `bridge.executable`');
  });

  it('is the one that was named, whatever the environment of the package says', async () => {
    vi.stubEnv('NODE_POWERSHELL', '/nonexistent/other');
    expect((await (await open()).invoke(script('1'))).output).toEqual([1]);
  });

  it('that ends at once is told with its own words', async () => {
    const failure = await failureOf(open(program('fails', 'echo "no libicu here" >&2', 'exit 3')));
    expect(failure.code).toBe('unreachable');
    expect(failure.message).toMatch(/exit code 3.*no libicu here/su);
  });

  it('that is no PowerShell is given up in time', async () => {
    const failure = await failureOf(open(program('echoes', 'exec cat'), 500));
    expect(failure).toMatchObject({ code: 'unreachable', message: expect.stringContaining('within 500ms') });
  });

  it('does not keep a program alive that leaves its session', async () => {
    const left = new URL('./open-and-leave.ts', import.meta.url).pathname;
    const output = await new Promise((resolve, reject) =>
      execFile(process.execPath, [left, standIn.executable], (error, stdout) =>
        error ? reject(error) : resolve(stdout),
      ),
    );
    expect(output).toBe('done');
  });
});
