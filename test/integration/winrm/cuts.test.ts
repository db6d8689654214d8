import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/kernel/failure.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import type { WinRmOptions } from '../../../src/remote/transport/winrm/winrm-options.ts';
import { contractScripts } from '../../contract/remote-shell-scripts.ts';
import { type Direction, startRelay } from '../../helpers/tcp-relay.ts';
import { startWinRmLab } from '../../helpers/winrm-lab.ts';

/** Where connections are cut: behind so many bytes of a direction, counted over the whole session; then again so many bytes later. */
type Cut = { readonly direction: Direction; readonly at: number; readonly again?: number };

/** What one call of the session came to: `right`, `wrong`, or a failure's code. */
type Outcome = { readonly name: string; readonly verdict: string; readonly ran: number };

const long = 'ünï '.repeat(1_000);
const stopped = new Error('enough');

type Call = {
  readonly name: string;
  /** How the host knows this call from the others. */
  readonly ranAs: (text: string, given: unknown) => boolean;
  /** Whether the result is the true one. */
  readonly run: (shell: RemoteShell) => Promise<boolean>;
};

const echo = (value: string): Call => ({
  name: value.slice(0, 5),
  ranAs: (_, given) => given === value,
  run: async (shell) => {
    const call = { kind: 'script', text: contractScripts.echo, parameters: { Value: value } } as const;
    const { output, errors } = await shell.invoke(call);
    return output.length === 1 && output[0] === value && errors.length === 0;
  },
});
const streams: Call = {
  name: 'streams',
  ranAs: (text) => text === contractScripts.streams,
  run: async (shell) => {
    const records: string[] = [];
    const onStream = (record: { readonly kind: string }) => void records.push(record.kind);
    const { output } = await shell.invoke({ kind: 'script', text: contractScripts.streams }, { onStream });
    return output[0] === 'out' && records.join() === 'warning,verbose,information,progress';
  },
};
/** A script that goes on for ever. If what it said first was lost on the way, only the time limit ends it. */
const stop: Call = {
  name: 'stop',
  ranAs: (text) => text === contractScripts.endless,
  run: async (shell) => {
    const controller = new AbortController();
    const options = { signal: controller.signal, onStream: () => controller.abort(stopped), timeoutMs: 300 };
    return shell.invoke({ kind: 'script', text: contractScripts.endless }, options).then(
      () => false,
      (error: unknown) => (error === stopped ? true : Promise.reject(error)),
    );
  },
};
const secret: Call = {
  name: 'secret',
  ranAs: (text) => text === contractScripts.secretLength,
  run: async (shell) => {
    const parameters = { Password: new Secret('pässwörd') };
    const { output } = await shell.invoke({ kind: 'script', text: contractScripts.secretLength, parameters });
    return output.length === 1 && output[0] === 8;
  },
};
const plain = [echo(long), streams, stop, echo('last')];
/** The key exchange takes its time, so it gets a session of its own with fewer cuts. */
const keyed = [secret];

const codeOf = (error: unknown): string => (error instanceof Failure ? error.code : String(error));

/** A lab behind a relay that cuts as it is told. */
const startCutting = async (robust: boolean, calls: readonly Call[]) => {
  const lab = await startWinRmLab({ robust, limits: { operationTimeoutMs: 200, shellsPerUser: 10_000 } });
  let cut: Cut | undefined;
  const passed = { toServer: 0, toClient: 0 };
  const ends: Record<Direction, number[]> = { toServer: [], toClient: [] };
  const relay = await startRelay(lab.endpoint.port, (bytes, direction) => {
    const before = passed[direction];
    passed[direction] += bytes.length;
    ends[direction].push(passed[direction]);
    if (cut?.direction !== direction || passed[direction] < cut.at) return { bytes };
    const kept = Math.max(0, cut.at - before);
    const { again } = cut;
    cut = again === undefined ? undefined : { direction, at: cut.at + again };
    passed[direction] = before + kept;
    return { bytes: bytes.subarray(0, kept), cut: true };
  });
  const session = async (where: Cut | undefined, changes: Partial<WinRmOptions> = {}): Promise<Outcome[]> => {
    cut = where;
    passed.toServer = passed.toClient = 0;
    for (const list of [ends.toServer, ends.toClient]) list.length = 0;
    const earlier = lab.host.runspaces.length;
    const ranOf = (call: Call) =>
      lab.host.runspaces
        .slice(earlier)
        .reduce((sum, { ran, given }) => sum + ran.filter((text, n) => call.ranAs(text, given[n])).length, 0);
    const verdicts: string[] = [];
    try {
      const shell = await openWinRmShell(lab.client({ port: relay.port, ...changes }));
      for (const call of calls)
        verdicts.push(await call.run(shell).then((right) => (right ? 'right' : 'wrong'), codeOf));
      await shell.close();
    } catch (error) {
      while (verdicts.length < calls.length) verdicts.push(codeOf(error));
    }
    return calls.map((call, n) => ({ name: call.name, verdict: verdicts[n] ?? 'none', ran: ranOf(call) }));
  };
  const close = async () => {
    relay.close();
    await lab.endpoint.close();
  };
  return { session, passed, ends, close };
};

/** Every end of a piece of traffic, the first byte behind it, and the bytes between at a stride. */
const pointsOf = (ends: readonly number[], total: number, stride: number): number[] => {
  const points = new Set(ends.flatMap((end) => [end, end + 1]));
  for (let at = 1; at < total; at += stride) points.add(at);
  return [...points].filter((at) => at > 0 && at <= total).toSorted((a, b) => a - b);
};

const isTrue = ({ name, verdict, ran }: Outcome): boolean => {
  if (verdict === 'right') return ran === 1;
  if (verdict === 'unreachable') return ran === 0;
  if (verdict === 'timed-out') return name === 'stop' && ran === 1;
  return verdict === 'dropped' && ran <= 1;
};

/** Runs a session for every cut, and gives how often each verdict came. */
const cutEverywhere = async (
  robust: boolean,
  calls: readonly Call[],
  cuts: { readonly stride: number; readonly again?: number },
): Promise<Record<string, number>> => {
  const { session, passed, ends, close } = await startCutting(robust, calls);
  expect((await session(undefined)).map(({ verdict }) => verdict)).toEqual(calls.map(() => 'right'));
  const points = (['toServer', 'toClient'] as const).flatMap((direction) =>
    pointsOf(ends[direction], passed[direction], cuts.stride).map((at) => ({ direction, at })),
  );
  const seen: Record<string, number> = {};
  for (const point of points) {
    const outcomes = await session(cuts.again === undefined ? point : { ...point, again: cuts.again });
    expect(
      outcomes.filter((outcome) => !isTrue(outcome)),
      `cut ${point.direction} at byte ${point.at}`,
    ).toEqual([]);
    for (const { verdict } of outcomes) seen[verdict] = (seen[verdict] ?? 0) + 1;
  }
  expect(points.length).toBeGreaterThan(30);
  await close();
  return seen;
};

describe('a session whose connection is cut at any byte', () => {
  it('loses nothing and runs nothing twice where the host keeps its answers', async () => {
    expect(Object.keys(await cutEverywhere(true, plain, { stride: 2_503 }))).toEqual(['right']);
    expect(Object.keys(await cutEverywhere(true, keyed, { stride: 2_503 }))).toEqual(['right']);
  });

  it('loses nothing either when the connection after it is cut too', async () => {
    // 2,500 bytes take the next connection into its login, or into the request that is sent again.
    expect(Object.keys(await cutEverywhere(true, plain, { stride: 100_000, again: 2_500 }))).toEqual(['right']);
  });

  it('tells truly what became of each call where the host keeps none', async () => {
    const seen = await cutEverywhere(false, plain, { stride: 2_503 });
    expect(Object.keys(seen).toSorted()).toEqual(['dropped', 'right', 'timed-out', 'unreachable']);
    await cutEverywhere(false, keyed, { stride: 2_503 });
  });
});
