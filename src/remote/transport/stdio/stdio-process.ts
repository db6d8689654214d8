import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { childEnvironment } from '../child-environment.ts';
import { killTree } from '../kill-tree.ts';

/** A program to start, without a shell. Secrets must be in neither. */
export type Program = {
  readonly file: string;
  readonly args: readonly string[];
  /** Set beside what every child gets of this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
};

/** How a process came to its end. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly code: number | null; readonly signal: NodeJS.Signals | null }
  /** It never ran, e.g. because there is no such program. */
  | { readonly kind: 'notStarted'; readonly error: NodeJS.ErrnoException };

/** Characters kept of standard error. */
const errorTextKept = 8_000;
/** How long what an ended process wrote may take to arrive; a child of it may hold the stream open for ever. */
const drainMs = 500;

/** A child process with its streams, in a process group of its own. */
export class StdioProcess {
  /** Resolves with its end, once what it wrote has arrived. */
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcessWithoutNullStreams;
  #errorText = '';

  /** @param onData gets what it writes to its standard output */
  constructor({ file, args, env }: Program, onData: (bytes: Buffer) => void) {
    const child = spawn(file, args, {
      stdio: 'pipe',
      detached: process.platform !== 'win32',
      windowsHide: true,
      env: childEnvironment(env),
    });
    this.#child = child;
    this.ended = watchEnd(child);
    child.stdout.on('data', onData);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errorText = `${this.#errorText}${text}`.slice(-errorTextKept);
    });
    // A write to a process that has just ended; its end tells more.
    child.stdin.on('error', () => undefined);
    this.hold(false);
  }

  /** The last of what it wrote to standard error. */
  get errorText(): string {
    return this.#errorText;
  }

  /** Writes to its standard input. */
  write(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Ends its standard input, which servers take as a farewell. */
  endInput(): void {
    this.#child.stdin.end();
  }

  /** Ends it and all that it started, at once. */
  kill(): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid !== undefined) killTree(pid, exitCode !== null || signalCode !== null);
  }

  /** Whether it keeps this program from ending by itself. */
  hold(isHeld: boolean): void {
    for (const held of [this.#child, this.#child.stdin, this.#child.stdout, this.#child.stderr]) hold(held, isHeld);
  }
}

/** Pipes are sockets, which the types do not say. */
function hold(held: object, isHeld: boolean): void {
  const act: unknown = Reflect.get(held, isHeld ? 'ref' : 'unref');
  if (typeof act === 'function') Reflect.apply(act, held, []);
}

function watchEnd(child: ChildProcessWithoutNullStreams): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ kind: 'notStarted', error });
    });
    child.once('exit', (code, signal) => {
      const end: ProcessEnd = { kind: 'exited', code, signal };
      const timer = setTimeout(() => resolve(end), drainMs);
      child.once('close', () => {
        clearTimeout(timer);
        resolve(end);
      });
    });
  });
}
