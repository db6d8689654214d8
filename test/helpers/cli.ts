import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Fleet, until } from './fleet.ts';

/** What a command of the CLI came to. */
export type CliResult = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A command of the CLI under way. */
export interface RunningCli {
  readonly process: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<CliResult>;
  /** Waits until standard output (or error) matches, or the command ends; the match. @throws Error where it ends without */
  untilOutput(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Where a command is run. */
export type CliPlace = { readonly folder: string; readonly environment: NodeJS.ProcessEnv };

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** The place in which the CLI shares Redis, keys and project folder of a fleet. */
export function placeOf(fleet: Fleet, environment: NodeJS.ProcessEnv = {}): CliPlace {
  return {
    folder: fleet.projectDir,
    environment: { KINTSUGI_HOME: fleet.folder, [fleet.passwordVariable]: fleet.password, ...environment },
  };
}

/** Starts a command as a user would: a process of its own, no terminal. */
export function startCli(place: CliPlace, ...args: readonly string[]): RunningCli {
  const own = Object.entries(process.env).filter(([name]) => !/^(KINTSUGI_|VITEST|NODE_ENV$|CI$)/.test(name));
  const child = spawn(process.execPath, [main, ...args], {
    cwd: place.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(own), LC_ALL: 'C.UTF-8', ...place.environment },
  });
  let stdout = '';
  let stderr = '';
  let result: CliResult | undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<CliResult>((resolve) =>
    child.once('close', (code) => {
      result = { code, stdout, stderr };
      resolve(result);
    }),
  );
  return {
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    async untilOutput(pattern) {
      const found = (): RegExpExecArray | null => pattern.exec(stdout) ?? pattern.exec(stderr);
      await until(() => found() !== null || result !== undefined);
      const match = found();
      if (match === null) throw new Error(`ended with ${result?.code} without ${pattern}:\n${stdout}\n${stderr}`);
      return match;
    },
  };
}

/** Runs a command to its end. */
export async function runCli(place: CliPlace, ...args: readonly string[]): Promise<CliResult> {
  return await startCli(place, ...args).ended;
}
