import type { LabHost } from '../../src/lab/start-lab.ts';
import { unexpectedDifferences } from '../../src/lab/windows/allowed-differences.ts';
import { kitFolder } from '../../src/lab/windows/kit-ledger.ts';
import type { Change } from '../../src/lab/windows/machine/change-feed.ts';
import { type Difference, diffSnapshots, takeSnapshot } from '../../src/lab/windows/machine/snapshot.ts';
import { isScriptChange } from '../../src/lab/windows/script-changes.ts';
import type { Ledger } from '../../src/remote/powershell/host-kit.ts';
import { parseLedger } from '../../src/remote/powershell/ledger-text.ts';

/** A lab host with what it was before, and every change since. */
export interface HostWatch {
  readonly name: string;
  readonly machine: LabHost['machine'];
  readonly port: number;
  /** Every change of the host's state since the watch began, in order. */
  readonly changes: readonly Change[];
  /** Changes that a script made to the host itself: what the kit writes into its own folder, its protection and processes left out. */
  repairs(): readonly Change[];
  /** How the host's whole state differs from before. */
  differences(): readonly Difference[];
  /** Paths of the differences that the closed list of a rollback does not cover. */
  unexpected(): readonly string[];
  /** The run's ledger as it lies on the host. */
  ledger(run: string): Ledger;
  /** Text of a file on the host, or null. */
  text(path: string): string | null;
  /** Holds the script that makes the change for which `matches` is true: `reached` resolves there, `goOn` lets it continue. Once. */
  holdAt(matches: (change: Change) => boolean): Hold;
}

/** A script that is held at one of its changes. */
export type Hold = { readonly reached: Promise<Change>; readonly goOn: () => void };

/** Begins to watch a host. */
export function watchHost({ name, machine, port }: LabHost): HostWatch {
  const before = takeSnapshot(machine);
  const changes: Change[] = [];
  machine.changes.observe((change) => void changes.push(change));
  const text = (path: string): string | null => {
    const node = machine.files.find(path);
    return node === undefined || node.isFolder ? null : new TextDecoder().decode(machine.files.read(node));
  };
  const differences = () => diffSnapshots(before, takeSnapshot(machine), machine).differences;
  return {
    name,
    machine,
    port,
    changes,
    repairs: () =>
      changes.filter((change) => isScriptChange(machine, change) && !/^(process|restore|shadow)\./.test(change.kind)),
    differences,
    unexpected: () => unexpectedDifferences(differences()).map(({ path }) => path),
    ledger: (run) => parseLedger(text(`${kitFolder}\\ledger\\${run}.jsonl`) ?? ''),
    text,
    holdAt(matches) {
      let reach: (change: Change) => void = () => undefined;
      let release: () => void = () => undefined;
      const reached = new Promise<Change>((resolve) => {
        reach = resolve;
      });
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const remove = machine.changes.observe((change) => {
        if (!matches(change)) return undefined;
        remove();
        reach(change);
        return held;
      });
      return {
        reached,
        goOn: () => {
          remove();
          release();
        },
      };
    },
  };
}
