import { spawn } from 'node:child_process';
import { formatDuration } from '../../../kernel/duration.ts';
import { Failure } from '../../../kernel/failure.ts';

/** Limits of a tool's run. */
export type ToolLimits = { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined };

/** What a tool is run with. */
type ToolRun = ToolLimits & {
  readonly args: readonly string[];
  /** Written to its standard input: the one way by which a password goes. */
  readonly input?: string;
};

/** How a tool ended. */
type ToolEnd = { readonly ok: boolean; readonly said: string };

/** Most that is kept of what a tool says. */
const longestSaid = 4_096;

/**
 * Runs a Kerberos tool of the system, in English, with an environment that holds nothing but what Kerberos needs.
 * @throws Failure `unauthenticated` if it is not installed (with the package), `unreachable` if it takes too long; or the signal's reason
 */
export function runTool(tool: 'kinit' | 'kvno' | 'kgetcred', run: ToolRun): Promise<ToolEnd> {
  const { args, input = '', timeoutMs, signal } = run;
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(tool, args, { env: environmentOf(process.env), stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    const listen = (chunk: string) => {
      said = (said + chunk).slice(-longestSaid);
    };
    child.stdout.setEncoding('utf8').on('data', listen);
    child.stderr.setEncoding('utf8').on('data', listen);
    // A tool that ends before it has read its input is told about by its exit code.
    child.stdin.on('error', () => undefined).end(input);
    const stop = (reason: unknown) => {
      settle();
      child.kill('SIGKILL');
      reject(reason);
    };
    const abort = () => stop(signal?.reason);
    const late = () =>
      stop(
        new Failure(
          'unreachable',
          `${tool} did not end within ${formatDuration(timeoutMs)}. Does the domain controller answer from this machine?`,
        ),
      );
    const timer = setTimeout(late, timeoutMs);
    signal?.addEventListener('abort', abort, { once: true });
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    child.once('error', (error) => {
      settle();
      reject(notStarted(tool, error));
    });
    child.once('close', (code) => {
      settle();
      resolve({ ok: code === 0, said: said.trim() });
    });
  });
}

function notStarted(tool: string, error: Error): Failure {
  const absent = 'code' in error && error.code === 'ENOENT';
  const what = absent ? `${tool} is not installed here` : `${tool} could not be started (${error.message})`;
  return new Failure(
    'unauthenticated',
    `${what}, and Kerberos tickets are taken by it. Install MIT Kerberos' tools: the package krb5-user (Debian, Ubuntu), krb5-workstation (Fedora, RHEL), krb5 (Alpine, Arch, Homebrew); or take kerberos out of the mechanisms.`,
    { cause: error },
  );
}

/** Secrets of other hosts may stand in the environment: only this goes on. */
function environmentOf(all: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const passed = Object.entries(all).filter(([name]) => /^(?:PATH|HOME|TMPDIR|SystemRoot|KRB5.*)$/u.test(name));
  return { ...Object.fromEntries(passed), LC_ALL: 'C' };
}
