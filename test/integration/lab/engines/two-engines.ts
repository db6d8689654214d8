import { createMachine } from '../../../../src/lab/faults/create-machine.ts';
import type { HostSpec } from '../../../../src/lab/faults/lab-spec.ts';
import { createPwshEngine, createPwshRunspaceHost } from '../../../../src/lab/pwsh-engine/pwsh-runspace-host.ts';
import type { HostErrorRecord, HostRunspace, RunningPipeline } from '../../../../src/lab/server/runspace-host.ts';
import type { Machine } from '../../../../src/lab/windows/machine/machine.ts';
import { diffSnapshots, type Snapshot, takeSnapshot } from '../../../../src/lab/windows/machine/snapshot.ts';
import { createRunspaceHost } from '../../../../src/lab/windows/runtime/host-runspace.ts';
import { installLauncher } from '../../../../src/lab/windows/runtime/launcher.ts';
import { isPsTagged, type PsValue } from '../../../../src/remote/protocol/clixml/values.ts';

/** What a script came to: every record of every stream as text, how it ended, and what it changed. */
export type Told = {
  readonly output: readonly string[];
  readonly errors: readonly string[];
  readonly others: readonly string[];
  readonly end: string;
};

/** A simulated machine with a session of one engine in it. */
export type EngineSession = {
  readonly machine: Machine;
  /** Runs a script to its end. */
  readonly run: (script: string, args?: readonly PsValue[]) => Promise<Told>;
  /** Starts a script, to be stopped from outside. */
  readonly start: (script: string) => RunningPipeline & { readonly begun: Promise<void> };
  /** What has changed since the session was opened. */
  readonly changes: () => string[];
  readonly close: () => void;
};

/** Files of times. */
const isLog = /\.log$/u;

/** What lies in times, and in ids made at random, differs between any two machines. */
const unclocked = (text: string): string =>
  text
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?/g, '<time>')
    .replaceAll(/\d{14}\.\d{6}[+-]\d{3}/g, '<time>')
    .replaceAll(/\w{3}, \d+ \w{3} \d{4} [\d:]+ GMT/g, '<time>')
    .replaceAll(/("\w*Ms"):\d+(?:\.\d+)?/g, '$1:"<time>"')
    .replaceAll(/Selected\.[\w.#/]+/g, 'Selected')
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '<id>');

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

/** A value with its types and all its properties, in the order of their names. */
export const described = (value: PsValue): unknown => {
  if (typeof value === 'bigint') return `int64 ${value}`;
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('base64')}`;
  if (!isPsTagged(value)) return value;
  if (value.kind === 'dateTime') return '<time>';
  if (value.kind !== 'object')
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, typeof each === 'bigint' ? String(each) : each]),
    );
  const { typeNames, text, base, adapted, extended } = value;
  const properties = [...adapted, ...extended].map(([name, each]) => [name, described(each)] as const);
  const own = new Map(properties.toSorted(byName));
  return {
    ...(typeNames.length > 0 ? { types: typeNames.join(' ') } : {}),
    ...(text === null ? {} : { text }),
    ...(base === null ? {} : { base: describedBase(base) }),
    ...(own.size > 0 ? { properties: Object.fromEntries(own) } : {}),
  };
};

const describedBase = (base: Exclude<Extract<PsValue, { kind: 'object' }>['base'], null>): unknown => {
  switch (base.kind) {
    case 'memberSet':
      return 'member set';
    case 'primitive':
    case 'object':
      return described(base.value);
    case 'dictionary':
      return base.entries
        .map(([key, each]) => [JSON.stringify(described(key)), described(each)] as const)
        .toSorted(byName);
    default:
      return base.items.map(described);
  }
};

/**
 * An error record. PowerShell 7 words it differently when it finds no command, its engine knows no more of what nobody simulates than the
 * line, and it calls itself the author of errors that programs and absent commands cause.
 */
const textOfError = (record: HostErrorRecord): string => {
  const id = record.fullyQualifiedErrorId;
  if (id === 'LabUnsupported') return `${id}: ${record.message.replace(/^(\S+:\d+):\d+: /, '$1: ')}`;
  const isAbsent = id === 'CommandNotFoundException';
  return JSON.stringify({
    id,
    category: record.category,
    message: isAbsent ? record.targetName : record.message,
    activity: isAbsent || id.startsWith('NativeCommandError') ? undefined : record.categoryActivity,
    reason: record.categoryReason,
    target: record.targetName,
    targetType: record.targetType,
    exception: record.exceptionTypes.join(' '),
    hresult: record.hresult === undefined ? undefined : record.hresult | 0,
    line: record.position?.line,
  });
};

const runIn = async (runspace: HostRunspace, script: string, args: readonly PsValue[]): Promise<Told> => {
  const told = { output: [] as string[], errors: [] as string[], others: [] as string[] };
  const running = startIn(runspace, script, told, args);
  const end = await running.done;
  return { ...told, end: end.state === 'failed' ? `failed ${unclocked(textOfError(end.error))}` : end.state };
};

const startIn = (
  runspace: HostRunspace,
  script: string,
  told: { readonly output: string[]; readonly errors: string[]; readonly others: string[] },
  args: readonly PsValue[] = [],
): RunningPipeline =>
  runspace.run(
    {
      input: undefined,
      statements: [
        [
          {
            text: script,
            isScript: true,
            useLocalScope: undefined,
            mergeErrors: false,
            arguments: args.map((value) => ({ name: undefined, value })),
          },
        ],
      ],
    },
    {
      output: (value) => void told.output.push(unclocked(JSON.stringify(described(value)))),
      error: (record) => void told.errors.push(unclocked(textOfError(record))),
      warning: (text) => void told.others.push(`warning ${text}`),
      verbose: (text) => void told.others.push(`verbose ${text}`),
      debug: (text) => void told.others.push(`debug ${text}`),
      information: ({ data, tags }) =>
        void told.others.push(`information ${JSON.stringify(described(data))} ${tags.join(' ')}`),
      progress: () => undefined,
    },
  );

/**
 * Opens a session on a machine of its own.
 * @param executable the PowerShell that evaluates the scripts; the simulator's own evaluator where it is absent
 */
export function openEngineSession(spec: HostSpec, executable?: string): EngineSession {
  const machine = createMachine('PC1', spec, ['operator']);
  installLauncher(machine, executable === undefined ? undefined : createPwshEngine(executable));
  const host = executable === undefined ? createRunspaceHost(machine) : createPwshRunspaceHost(machine, executable);
  const runspace = host.openRunspace({ shellId: 's', user: 'operator', logon: 'network' });
  const start: Snapshot = takeSnapshot(machine);
  return {
    machine,
    run: (script, args = []) => runIn(runspace, script, args),
    start: (script) => {
      let begin = (): void => undefined;
      const begun = new Promise<void>((resolve) => {
        begin = resolve;
      });
      const output: string[] = [];
      output.push = (...lines) => {
        begin();
        return lines.length;
      };
      return { ...startIn(runspace, script, { output, errors: [], others: [] }), begun };
    },
    changes: () =>
      diffSnapshots(start, takeSnapshot(machine), machine)
        .differences.map(({ path, after }) => unclocked(`${path} ${isLog.test(path) ? '' : (after ?? 'gone')}`))
        .toSorted(),
    close: () => {
      runspace.close();
      machine.close();
    },
  };
}
