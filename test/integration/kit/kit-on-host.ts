import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach } from 'vitest';
import { sha256 } from '../../../src/kernel/canonical-json.ts';
import { type Lab, startLab } from '../../../src/lab/start-lab.ts';
import type { HostKit, ScriptCall } from '../../../src/remote/powershell/host-kit.ts';
import { loadHostKitText } from '../../../src/remote/powershell/host-kit-text.ts';
import { openHostKit } from '../../../src/remote/powershell/open-host-kit.ts';
import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';

/** Any head of a journal. */
export const head = 'a'.repeat(64);
const password = randomUUID();

/** A script of the step `mend`. */
export const callOf = (text: string, parameters: ScriptCall['parameters'] = {}): ScriptCall => ({
  step: 'mend',
  kind: 'apply',
  text,
  sha256: sha256(text),
  parameters,
  lane: 'inline',
  longestMs: 60_000,
  interruptible: true,
});

let lab: Lab;
let shells: RemoteShell[] = [];
beforeEach(async () => {
  lab = await startLab({
    spec: {
      kintsugi: 'lab/v1',
      hosts: { pc1: { base: 'windows-11-24h2', description: 'release', faults: [{ kind: 'user-signed-in' }] } },
    },
    password,
  });
});
afterEach(async () => {
  for (const shell of shells) await shell[Symbol.asyncDispose]();
  shells = [];
  await lab.close();
});

/** A session with the host of the lab that each test has. */
export async function openShell(): Promise<RemoteShell> {
  const [host] = lab.hosts;
  if (host === undefined) throw new Error('the lab has no host');
  const shell = await openWinRmShell({
    host: host.address,
    port: host.port,
    auth: { mechanisms: ['negotiate'], username: 'operator', password: () => password },
    connectTimeoutMs: 10_000,
    operationTimeoutMs: 20_000,
  });
  shells.push(shell);
  return shell;
}

/** The kit of a run on it. */
export async function openKit(run: string): Promise<HostKit> {
  const kit = openHostKit(await openShell(), await loadHostKitText());
  await kit.open({ run, host: 'pc1', reference: () => Date.now(), scripts: new Map() });
  return kit;
}

/** What a script on it says last. */
export const told = async (text: string): Promise<unknown> =>
  (await (await openShell()).invoke({ kind: 'script', text })).output[0];

/** Takes the host for a run. */
export async function claim(
  kit: HostKit,
  run: string,
): Promise<{ readonly token: number; readonly journalHead: string }> {
  const taken = await kit.claim({ owner: `${run}/a`, journalHead: head });
  if (taken.kind !== 'claimed') throw new Error(`expected the claim, got ${taken.kind}`);
  return { token: taken.token, journalHead: head };
}

/** The state of a service. */
export const stateOf = (service: string) => told(`[string](Get-Service -Name ${service}).Status`);
