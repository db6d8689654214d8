import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { openLocalShell } from '../../../src/remote/transport/local/open-local-shell.ts';
import { failureOf } from '../../contract/shared-shell.ts';
import { makePwshStandIn } from '../../helpers/pwsh-programs.ts';

const standIn = makePwshStandIn();
afterEach(() => vi.unstubAllEnvs());
afterAll(() => standIn.remove());

const open = (executable: string, connectTimeoutMs = 60_000) =>
  openLocalShell({ host: 'this machine', executable, connectTimeoutMs });
/** A program of shell script. */
const program = (name: string, ...lines: readonly string[]): string => {
  const file = join(dirname(standIn.executable), name);
  writeFileSync(file, `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 });
  return file;
};
const oddServer = (behaviour: string): string =>
  program(
    behaviour,
    `exec '${process.execPath}' '${new URL('./odd-server.ts', import.meta.url).pathname}' ${behaviour}`,
  );
const refusal = (executable: string, limitMs?: number) => failureOf(open(executable, limitMs));

describe('A local PowerShell', () => {
  it('that is not installed is told so', async () => {
    const failure = await refusal('/nonexistent/pwsh');
    expect(failure.code).toBe('unreachable');
    expect(failure.message).toContain('Install PowerShell, or set `local.executable`');
  });

  it('that ends at once is told with its own words', async () => {
    const failure = await refusal(program('fails', 'echo "no libicu here" >&2', 'exit 3'));
    expect(failure.code).toBe('unreachable');
    expect(failure.message).toContain('ended with exit code 3: no libicu here');
  });

  it('that says nothing is given up in time', async () => {
    const failure = await refusal(program('silent', 'exec sleep 600'), 300);
    expect(failure).toMatchObject({ code: 'unreachable', message: expect.stringContaining('within 300ms') });
  });

  it('that takes the first bytes, says what ails it and stays, is given up in time with its own words', async () => {
    const taken = "<DataAck PSGuid='00000000-0000-0000-0000-000000000000' />";
    const lines = ['read line', 'echo "the transport has failed" >&2', `echo "${taken}"`, 'exec sleep 600'];
    const failure = await refusal(program('ails', ...lines), 1_000);
    expect(failure).toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/opened no session .* within 1s: the transport has failed/u),
    });
  });

  it('that takes the first bytes and ends is told with its own words', async () => {
    const taken = "<DataAck PSGuid='00000000-0000-0000-0000-000000000000' />";
    const failure = await refusal(program('takes', 'read line', `echo "${taken}"`, 'echo "no more" >&2', 'exit 3'));
    expect(failure).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('ended with exit code 3: no more'),
    });
  });

  it('that speaks something else is a fault of the protocol', async () => {
    const failure = await refusal(
      program('garbage', `echo "<Data Stream='Default' PSGuid='x'>AAAA</Data>"`, 'exec cat'),
    );
    expect(failure.code).toBe('protocol-error');
  });

  it('that reports an error of its own is told', async () => {
    const failure = await refusal(program('broken', 'echo "__NamedPipeError__:no more handles"', 'exec sleep 600'));
    expect(failure).toMatchObject({ code: 'unreachable', message: expect.stringContaining('no more handles') });
  });

  it('is not waited for any more when the opening is aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const opening = openLocalShell(
      { host: 'this machine', executable: program('waits', 'exec sleep 600'), connectTimeoutMs: 60_000 },
      controller.signal,
    );
    controller.abort(reason);
    await expect(opening).rejects.toBe(reason);
  });

  it('has stopped a script when it acknowledges the stop, also where it says no more of it', async () => {
    await using shell = await open(oddServer('says-no-more'));
    const call = { kind: 'script', text: 'Start-Sleep 600' } as const;
    expect(await failureOf(shell.invoke(call, { timeoutMs: 200 }))).toMatchObject({
      code: 'timed-out',
      facts: { stopped: true },
    });
    expect((await failureOf(shell.invoke(call, { timeoutMs: 200 }))).code).toBe('timed-out');
  });

  it.each([
    ['dies-before-the-bytes', 'unreachable'],
    ['dies-with-the-bytes', 'dropped'],
  ])('that %s of a script leaves the call %s', async (behaviour, code) => {
    await using shell = await open(oddServer(behaviour));
    expect((await failureOf(shell.invoke({ kind: 'script', text: '1' }))).code).toBe(code);
  });

  it('gets nothing of the environment but what programs need', async () => {
    vi.stubEnv('KT_OPS', 'canary-in-the-mine');
    vi.stubEnv('SSH_AUTH_SOCK', '/run/canary');
    const failure = await refusal(program('tells', 'env >&2', 'exit 3'));
    expect(failure.message).toContain('PATH=');
    expect(failure.message).not.toContain('canary');
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
