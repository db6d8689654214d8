import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMachine } from '../../../src/lab/faults/create-machine.ts';
import { startWinRmEndpoint, type WinRmEndpoint } from '../../../src/lab/server/winrm-endpoint.ts';
import { createCmdHost } from '../../../src/lab/windows/cmd/cmd-host.ts';
import { createRunspaceHost } from '../../../src/lab/windows/runtime/host-runspace.ts';
import { getFile } from '../../../src/remote/powershell/files/get-file.ts';
import { putFile } from '../../../src/remote/powershell/files/put-file.ts';
import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import { WinRmMemory } from '../../../src/remote/transport/winrm/winrm-memory.ts';
import { noise } from '../noise.ts';
import type { Figure, Section } from '../section.ts';

const password = 'Benchmark-Passw0rd';
const hello = { kind: 'script', text: "'hello'" } as const;
const warmCalls = 50;

type Lab = { readonly endpoint: WinRmEndpoint; readonly open: (memory?: WinRmMemory) => Promise<RemoteShell> };

async function* figures(): AsyncIterable<Figure> {
  const machine = createMachine('box', { base: 'windows-server-2022' }, ['operator']);
  const endpoint = await startWinRmEndpoint({
    host: '127.0.0.1',
    port: 0,
    computerName: machine.name,
    domainName: machine.name,
    users: [{ name: 'operator', password }],
    schemes: { negotiate: true, ntlm: false, basic: false },
    allowUnencrypted: false,
    runspaceHost: createRunspaceHost(machine),
    cmdHost: createCmdHost(machine),
    clock: { now: () => machine.clock.wallMs() },
    limits: { shellsPerUser: 100 },
  });
  const open = (memory = new WinRmMemory()) =>
    openWinRmShell({
      host: '127.0.0.1',
      port: endpoint.port,
      auth: { mechanisms: ['negotiate'], username: 'operator', password: () => password },
      connectTimeoutMs: 60_000,
      operationTimeoutMs: 20_000,
      memory,
    });
  try {
    const lab = { endpoint, open };
    yield* coldFigures(lab);
    yield* warmFigures(lab);
    yield* manyFigures(lab);
    yield* fileFigures(lab);
    yield* peerFigures(endpoint);
  } finally {
    await endpoint.close();
    machine.close();
  }
}

/** Requests and ms that some work takes. */
async function costOf({ endpoint }: Pick<Lab, 'endpoint'>, work: () => Promise<unknown>) {
  const before = endpoint.requests;
  const startMs = performance.now();
  await work();
  return { requests: endpoint.requests - before, ms: performance.now() - startMs };
}

const counted = (name: string, value: number, atMost: number, ms: number): Figure => ({
  name,
  value,
  unit: 'requests',
  aim: { atMost },
  detail: `${ms.toFixed(1)} ms`,
});

async function* coldFigures(lab: Lab): AsyncIterable<Figure> {
  const memory = new WinRmMemory();
  // What is compiled at the first call is no matter of the network.
  await (await lab.open()).close();
  for (const [name, atMost] of [
    ['cold, NTLM, to the first result', 5],
    ['cold, host known to take the first message with the login', 4],
  ] as const) {
    let shell: RemoteShell | undefined;
    const { requests, ms } = await costOf(lab, async () => {
      shell = await lab.open(memory);
      await shell.invoke(hello);
    });
    await shell?.close();
    yield counted(name, requests, atMost, ms);
  }
}

async function* warmFigures(lab: Lab): AsyncIterable<Figure> {
  const shell = await lab.open();
  await shell.invoke(hello);
  const { requests, ms } = await costOf(lab, async () => {
    for (let n = 0; n < warmCalls; n++) await shell.invoke(hello);
  });
  yield counted('warm, for each call', requests / warmCalls, 2, ms / warmCalls);
  const leaving = await costOf(lab, () => shell.close());
  yield counted(`leave with ${warmCalls + 1} commands not terminated`, leaving.requests, 1, leaving.ms);
}

async function* manyFigures(lab: Lab): AsyncIterable<Figure> {
  const shells: RemoteShell[] = [];
  const { requests, ms } = await costOf(lab, async () => {
    shells.push(...(await Promise.all(Array.from({ length: 64 }, () => lab.open()))));
    await Promise.all(shells.map((shell) => shell.invoke(hello)));
  });
  yield counted('64 sessions at once, for each', requests / 64, 5, ms / 64);
  await Promise.all(shells.map((shell) => shell.close()));
}

async function* fileFigures({ open }: Lab): AsyncIterable<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'kintsugi-benchmark-'));
  const shell = await open();
  const megabytes = 8;
  const [local, back] = [join(folder, 'a'), join(folder, 'b')];
  const remote = String.raw`C:\Windows\Temp\benchmark.bin`;
  await writeFile(local, noise(megabytes * 1_000_000));
  for (const [name, carry, path] of [
    ['put', putFile, local],
    ['get', getFile, back],
  ] as const) {
    const startMs = performance.now();
    const { frames } = await carry(shell, { local: path, remote });
    const seconds = (performance.now() - startMs) / 1000;
    yield {
      name: `${name} a file that does not pack`,
      value: megabytes / seconds,
      unit: 'MB/s',
      detail: `${megabytes} MB in ${frames} frames, both ends on this machine`,
    };
  }
  await shell.close();
  await rm(folder, { recursive: true });
}

/** What python3-winrm is told: a cmd shell for each command, as its own `run_cmd` does, then one for many. It prints ms. */
const conversation = `
import sys, time, winrm
session = winrm.Session(sys.argv[1], auth=('operator', sys.stdin.read()), transport='ntlm')
begun = time.monotonic()
session.run_cmd('echo', ['hello'])
print((time.monotonic() - begun) * 1000)
protocol = session.protocol
shell = protocol.open_shell()
begun = time.monotonic()
for n in range(20):
    command = protocol.run_command(shell, 'echo', ['hello'])
    protocol.get_command_output(shell, command)
    protocol.cleanup_command(shell, command)
print((time.monotonic() - begun) * 1000 / 20)
protocol.close_shell(shell)
`;

/** The peer speaks of cmd shells, for it knows no runspaces; its requests are counted all the same. */
async function* peerFigures(endpoint: WinRmEndpoint): AsyncIterable<Figure> {
  const python = '/usr/bin/python3';
  if (!existsSync(python) || !existsSync('/usr/lib/python3/dist-packages/winrm')) return;
  const folder = await mkdtemp(join(tmpdir(), 'kintsugi-benchmark-'));
  // OpenSSL 3 has MD4, which NTLM needs, in its legacy provider only.
  const configuration = join(folder, 'openssl.cnf');
  await writeFile(
    configuration,
    'openssl_conf = all\n[all]\nproviders = each\n[each]\ndefault = on\nlegacy = on\n[on]\nactivate = 1\n',
  );
  const before = endpoint.requests;
  const out = await new Promise<string>((resolve) => {
    const env = { PATH: '/usr/bin:/bin', HOME: folder, OPENSSL_CONF: configuration, NO_PROXY: '*' };
    const args = ['-W', 'ignore', '-c', conversation, endpoint.url];
    const child = execFile(python, args, { env, timeout: 60_000 }, (error, text) => resolve(error ? '' : text));
    child.stdin?.end(password);
  });
  const requests = endpoint.requests - before;
  await rm(folder, { recursive: true });
  const [coldMs, warmMs] = out.trim().split('\n').map(Number);
  if (coldMs === undefined || warmMs === undefined) return;
  yield {
    name: 'python3-winrm (cmd shells): all of its conversation',
    value: requests,
    unit: 'requests',
    detail: `cold ${coldMs.toFixed(1)} ms, then one shell and 20 commands at ${warmMs.toFixed(1)} ms`,
  };
}

export const section: Section = { title: 'sessions over WinRM with a host of the lab, NTLM, sealed', figures };
