import type { Host } from '../../input/playbook-test/playbook-test.generated.ts';
import type { RemoteShell } from '../../remote/powershell/remote-shell.ts';

/** How the whole state of a host differs between two moments; `undefined` where something was not there. */
export type StateDifference = {
  /** `file:C:\…`, `service:BITS:config`, `registry:HKEY_…:value`, … */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Whether it is a protected file of Windows, which `sfc` and DISM repair. */
  readonly isSystemFile: boolean;
};

/** A change that a script made to the host. */
export type ScriptChange = {
  /** What was done, e.g. `file.rename`. */
  readonly kind: string;
  readonly target: string;
};

/** What becomes of the script that has just made a change: it goes on, the call that made it fails, or its session is cut there. */
export type Fate = 'go-on' | 'fail' | 'cut';

/** A simulated host on which one run of a playbook is tested. */
export interface TestMachine extends Disposable {
  /** Opens a session. @throws Failure `unreachable` while the host is down */
  open(): Promise<RemoteShell>;
  /** Lets simulated time pass. */
  sleep(ms: number): Promise<void>;
  /** Simulated time that has passed since the host was made, ms. */
  elapsedMs(): number;
  /** How the whole state differs from that at the start, without what may remain after a rollback. */
  differences(): readonly StateDifference[];
  /** Stack traces of the scripts that run on the host. */
  scriptsAt(): readonly string[];
  /** Disturbances of the host that have not come yet, in words. */
  pending(): readonly string[];
  /** What ran on the host by itself (a task, say) and could not be simulated, where no script has heard of it since; once. */
  takeOutside(): Error | undefined;
}

/**
 * Makes a host as a test file describes it.
 * @param onChange asked right after each change that a script, or a program that it runs, makes to the host itself (the kit's book-keeping left out)
 */
export type MakeTestMachine = (name: string, spec: Host, onChange: (change: ScriptChange) => Fate) => TestMachine;
