import { PowerShell } from 'node-powershell';
import { formatDuration } from '../../../kernel/duration.ts';
import { Failure } from '../../../kernel/failure.ts';
import { childEnvironment } from '../child-environment.ts';
import { killTree } from '../kill-tree.ts';

/**
 * The package as it is, but for how the process is started: it is the program that is told, whatever the environment variable NODE_POWERSHELL
 * says, and it leads a process group of its own, so that it can be ended with all that it started.
 */
class ToldPowerShell extends PowerShell {
  protected override setExecutable(options: { executable?: string }): string {
    leadGroup(this);
    return options.executable ?? '';
  }
}

/** The package asks for the program first, then sets down how it starts it (always `detached: false`), then starts it. */
function leadGroup(shell: object): void {
  let told: object = {};
  Object.defineProperty(shell, 'spawnOptions', {
    get: () => told,
    set: (given: object) => {
      told = { ...given, detached: process.platform !== 'win32' };
    },
  });
}

/** Characters kept of standard error. */
const errorTextKept = 4_000;
/** The package marks the beginning and the end of a line's output by a word of its own. */
const mark = /^[0-9A-Za-z]{16}$/u;

/**
 * A PowerShell that runs as a child of this process and reads lines of script, by the package node-powershell. Only what is sound in it is
 * used: nothing passes through its templates and converters, what it remembers of each line is forgotten at once, and the promise in which
 * it tells of its process's end is owned here, for a rejection that nobody awaits would end this process as well.
 */
export class PowerShellProcess {
  /** Resolves when the process is gone (or could not be started), with how it ended in words. */
  readonly ended: Promise<string>;
  readonly #shell: ToldPowerShell;
  readonly #pid: number | undefined;
  #isGone = false;
  #errorText = '';

  /**
   * @param executable program to start, e.g. `pwsh`; it gets no profile, cannot prompt, and prints no terminal escapes
   * @param env variables that it gets beside those that every child gets
   */
  constructor(executable: string, env: Readonly<Record<string, string>> = {}) {
    this.#shell = new ToldPowerShell({
      executable,
      executableOptions: { '-NoProfile': true, '-NonInteractive': true },
      spawnOptions: { env: childEnvironment({ ...quiet, ...env }), windowsHide: true },
      throwOnInvocationError: false,
    });
    const { exit, child } = insideOf(this.#shell);
    this.#pid = 'pid' in child && typeof child.pid === 'number' ? child.pid : undefined;
    this.ended = exit.then(
      () => 'it ended',
      (error: unknown) => causeOf(error),
    );
    void this.ended.then(() => {
      this.#isGone = true;
      // Whatever it started and left behind goes with it.
      if (this.#pid !== undefined) killTree(this.#pid, true);
    });
    // The package listens for the first error of one of the streams only; one that nobody listens to would end this process.
    for (const stream of Object.values(this.#shell.streams)) stream.on('error', () => undefined);
    this.#shell.streams.stderr.on('data', (text: string) => {
      this.#errorText = `${this.#errorText}${text}`.slice(-errorTextKept);
    });
    // What waits for it keeps this program alive; the process by itself does not.
    for (const held of [child, ...Object.values(this.#shell.streams)]) letGo(held);
  }

  /** The last of what the process and its children wrote to standard error. */
  get errorText(): string {
    const lines = this.#errorText.split(/\r?\n/u).filter((line) => !mark.test(line));
    return lines.join('\n').trim();
  }

  /** Whether the process is known to be gone. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /**
   * Runs one line and gives what it wrote to standard output. Lines must not overlap.
   * @throws Failure `unreachable` if the process is gone already, `dropped` if it ends or does not answer within the limit, after which it
   *   is killed: its answers could not be told apart any more
   */
  async run(line: string, limitMs: number): Promise<string> {
    if (this.#isGone) throw new Failure('unreachable', `The local PowerShell has ended: ${await this.ended}.`);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const failure = new Failure('dropped', `The local PowerShell did not answer within ${formatDuration(limitMs)}.`);
      timer = setTimeout(() => reject(failure), limitMs);
    });
    const gone = async (): Promise<never> => {
      throw new Failure('dropped', `The local PowerShell ended while it was asked: ${await this.ended}.`);
    };
    try {
      const invocation = this.#shell.invoke(line).catch(gone);
      const { stdout } = await Promise.race([invocation, this.ended.then(gone), late]);
      // The package gives a record without output where the process ended in an orderly way.
      if (stdout === undefined) return await gone();
      return stdout.toString('utf8');
    } catch (error) {
      await this.kill();
      throw error;
    } finally {
      clearTimeout(timer);
      this.#shell.history.length = 0;
    }
  }

  /** Lets the process end by itself, by the end of its input; what is left of it and of all that it started is killed. Never throws. */
  async end(graceMs: number): Promise<void> {
    if (this.#pid === undefined) return;
    this.#shell.streams.stdin.end();
    await this.#goneWithin(graceMs);
    await this.kill();
  }

  /** Ends the process and all that it started, at once. Never throws. */
  async kill(): Promise<void> {
    if (this.#pid === undefined || this.#isGone) return;
    killTree(this.#pid, false);
    await this.#goneWithin(killLimitMs);
  }

  async #goneWithin(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([this.ended, late]);
    clearTimeout(timer);
  }
}

/** How long a killed process may take to be gone; a system that cannot end it is not waited for. */
const killLimitMs = 5_000;

/** Colours and questions of new versions are not for a program's eyes. */
const quiet = { NO_COLOR: '1', TERM: 'dumb', POWERSHELL_UPDATECHECK: 'Off', POWERSHELL_TELEMETRY_OPTOUT: '1' };

/** What the package keeps to itself: its process, and the promise that nobody else awaits. */
function insideOf(shell: PowerShell): { readonly exit: Promise<unknown>; readonly child: object } {
  const exit: unknown = Reflect.get(shell, 'exitPromise');
  const child: unknown = Reflect.get(shell, 'process');
  if (exit instanceof Promise && typeof child === 'object' && child !== null) return { exit, child };
  throw new Failure(
    'protocol-error',
    'This node-powershell is not as version 5.0.1: install the version that is named in package.json.',
  );
}

/** A process, or a pipe of it (a socket, which the types do not say), keeps this program from ending no more. */
function letGo(held: object): void {
  if ('unref' in held && typeof held.unref === 'function') held.unref();
}

function causeOf(error: unknown): string {
  const { exitCode, signalCode, originalError } = error as {
    exitCode?: number | null;
    signalCode?: string | null;
    originalError?: Error;
  };
  if (signalCode) return `it was ended by ${signalCode}`;
  if (originalError && 'code' in originalError)
    return `it could not be started (${String(originalError.code)}): set \`bridge.executable\` to a PowerShell of this machine`;
  return `it ended with exit code ${exitCode ?? 'unknown'}`;
}
