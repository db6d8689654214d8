import type { RemoteShell } from './remote-shell.ts';

/**
 * A shell in which no call lasts for ever.
 * @param timeoutMs limit of each call that is given none
 */
export function limitCalls(shell: RemoteShell, timeoutMs: number): RemoteShell {
  return {
    get info() {
      return shell.info;
    },
    get exhausted() {
      return shell.exhausted;
    },
    describe: () => shell.describe(),
    invoke: (call, options) => shell.invoke(call, { timeoutMs, ...options }),
    close: () => shell.close(),
    [Symbol.asyncDispose]: () => shell[Symbol.asyncDispose](),
  };
}
