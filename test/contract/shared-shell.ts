import { afterAll, afterEach } from 'vitest';
import { Failure } from '../../src/kernel/failure.ts';
import type { PsInput, RemoteCall, RemoteShell } from '../../src/remote/powershell/remote-shell.ts';

/** How the suite gets its sessions. */
export type ShellMaker = { readonly open: () => Promise<RemoteShell> };

/** Sessions for the tests of a `describe`: one that they share, since some take seconds to open, and others for those that end theirs. */
export function useShells({ open }: ShellMaker) {
  let shared: Promise<RemoteShell> | undefined;
  const own: RemoteShell[] = [];
  afterEach(async () => {
    while (own.length > 0) await own.pop()?.close();
  });
  afterAll(async () => {
    await (await shared)?.close();
  });
  return {
    /** The session that tests share; it must be usable after each of them. */
    shared: (): Promise<RemoteShell> => {
      shared ??= open();
      return shared;
    },
    /** A session of the test's own. */
    own: async (): Promise<RemoteShell> => {
      const shell = await open();
      own.push(shell);
      return shell;
    },
  };
}

/** A script to invoke. */
export const script = (text: string, parameters?: Record<string, PsInput>): RemoteCall => ({
  kind: 'script',
  text,
  ...(parameters ? { parameters } : {}),
});

/** The Failure that a promise is rejected with. @throws whatever else came */
export const failureOf = async (promise: Promise<unknown>): Promise<Failure> => {
  const outcome = await promise.then(
    () => new Error('it succeeded'),
    (error: unknown) => error,
  );
  if (outcome instanceof Failure) return outcome;
  throw outcome;
};
