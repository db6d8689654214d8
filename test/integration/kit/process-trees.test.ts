import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/kernel/canonical-json.ts';
import { type Lab, startLab } from '../../../src/lab/start-lab.ts';
import type { HostKit, ScriptCall } from '../../../src/remote/powershell/host-kit.ts';
import { loadHostKitText } from '../../../src/remote/powershell/host-kit-text.ts';
import { openHostKit } from '../../../src/remote/powershell/open-host-kit.ts';
import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';
import type { TapeExchange } from '../../../src/remote/protocol/tape/tape.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';

const head = 'a'.repeat(64);
const password = randomUUID();
const dism = String.raw`$env:windir\System32\Dism.exe`;
const result = '@{ changed = $true; facts = @{}; rebootRequired = $false }';

let lab: Lab;
let shell: RemoteShell;
/** Fires when the host has answered that it takes a stop. */
let signalled: Promise<void>;
let kit: HostKit;
beforeEach(async () => {
  lab = await startLab({
    spec: { kintsugi: 'lab/v1', hosts: { pc1: { base: 'windows-11-24h2', description: 'trees', faults: [] } } },
    password,
  });
  let fire: () => void = () => undefined;
  signalled = new Promise((resolve) => {
    fire = resolve;
  });
  shell = await open(({ request, response }) => {
    if (request.includes('signal/crtl_c') && response !== undefined) fire();
  });
  kit = openHostKit(shell, await loadHostKitText());
  await kit.open({ run: 'run-1', host: 'pc1', reference: () => Date.now(), scripts: new Map() });
});
afterEach(async () => {
  await shell.close();
  await lab.close();
});

/** Opens a session on the lab's host. */
function open(onExchange: (exchange: TapeExchange) => void = () => undefined): Promise<RemoteShell> {
  const [host] = lab.hosts;
  if (host === undefined) throw new Error('the lab has no host');
  return openWinRmShell({
    host: host.address,
    port: host.port,
    auth: { mechanisms: ['negotiate'], username: 'operator', password: () => password },
    connectTimeoutMs: 10_000,
    operationTimeoutMs: 20_000,
    onExchange,
  });
}

const processes = () => lab.hosts[0]!.machine.processes;
const namesOf = () =>
  processes()
    .all()
    .map(({ name }) => name);

describe('ending a process', () => {
  it('ends what it has started, and what that has started, and nobody else', async () => {
    const table = processes();
    const start = (name: string, parentPid: number, pid?: number) =>
      table.start({ name, path: `C:\\${name}.exe`, parentPid, ...(pid === undefined ? {} : { pid }) });
    // It bears the number of a process that is to begin later as its parent's: that of one long gone.
    const orphan = start('orphan', 90_000);
    lab.hosts[0]!.machine.clock.skewMs += 60_000;
    const root = start('root', 4, 90_000);
    const child = start('child', root.pid);
    const grandchild = start('grandchild', child.pid);
    const other = start('other', 4);
    await shell.invoke({ kind: 'command', name: 'Stop-KtProcessTree', parameters: { ProcessId: root.pid } });
    expect([root, child, grandchild].map(({ ended }) => ended.fired)).toEqual([true, true, true]);
    expect([orphan, other].map(({ ended }) => ended.fired)).toEqual([false, false]);
  });

  it('that is not there does nothing', async () => {
    const before = namesOf();
    await shell.invoke({ kind: 'command', name: 'Stop-KtProcessTree', parameters: { ProcessId: 99_999 } });
    expect(namesOf()).toEqual(before);
  });
});

describe('a program that runs longer than its limit', () => {
  const applyOf = (interruptible: boolean): ScriptCall => {
    const text = `$run = Invoke-KtProgram -File "${dism}" -Arguments '/Online', '/Cleanup-Image', '/RestoreHealth' -Irreversible 'repaired files stay' -LimitSeconds 5
if ($run.ExitCode -ne 0) { throw "it ended with $($run.Hex)" }
${result}`;
    return {
      step: 'mend',
      kind: 'apply',
      text,
      sha256: sha256(text),
      parameters: {},
      lane: 'inline',
      longestMs: 60_000,
      interruptible,
    };
  };
  const claimed = async () => {
    const taken = await kit.claim({ owner: 'run-1/a', journalHead: head });
    if (taken.kind !== 'claimed') throw new Error(`expected the claim, got ${taken.kind}`);
    return { token: taken.token, journalHead: head, attempt: 1 };
  };

  it('is ended where the action may be interrupted', async () => {
    const outcome = await kit.apply(applyOf(true), await claimed());
    expect(outcome).toMatchObject({ kind: 'failed', fault: { fqid: 'KtProgramTimedOut' } });
    expect(namesOf()).not.toContain('Dism');
  });

  it('is awaited where it may not: half a servicing damages the host', async () => {
    expect(await kit.apply(applyOf(false), await claimed())).toMatchObject({ kind: 'done' });
  });
});

describe('a script that is stopped while its program runs', () => {
  /** Runs a servicing that takes as long as it is held, and stops the script once it has begun. */
  const stopped = (interruptible: boolean) => {
    const { machine } = lab.hosts[0]!;
    const stop = new AbortController();
    let release: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      const leave = machine.changes.observe(({ kind, target, after }) => {
        if (kind !== 'process.start' || target !== 'Dism') return undefined;
        leave();
        // While something computes there, simulated time does not jump ahead.
        release = machine.clock.run((after as { pid: number }).pid);
        resolve();
        return undefined;
      });
    });
    const text = `$global:KtState.ReadOnly = $false; $global:KtState.Interruptible = $${interruptible}
Start-KtProcess -File "${dism}" -CommandLine '/Online /Cleanup-Image /RestoreHealth' -LimitMs 999999999`;
    const call = shell.invoke({ kind: 'script', text }, { signal: stop.signal });
    const outcome = call.catch((error: unknown) => error);
    const reason = new Error('enough');
    return { begun, stop: () => stop.abort(reason), reason, outcome, release: () => release() };
  };

  it('ends the program too where the action may be interrupted', async () => {
    const script = stopped(true);
    await script.begun;
    script.stop();
    expect(await script.outcome).toBe(script.reason);
    expect(namesOf()).not.toContain('Dism');
    script.release();
  });

  it('ends when the program has ended by itself where it may not', async () => {
    const script = stopped(false);
    await script.begun;
    script.stop();
    // Whatever is asked of the session now comes behind it.
    const next = shell.invoke({ kind: 'script', text: '1' });
    let isOver = false;
    void script.outcome.then(() => {
      isOver = true;
    });
    await signalled;
    // The host has gone on working meanwhile.
    await using other = await open();
    expect((await other.invoke({ kind: 'script', text: '(Get-Process -Name Dism).Name' })).output).toEqual(['Dism']);
    expect(isOver).toBe(false);
    script.release();
    expect(await script.outcome).toBe(script.reason);
    expect(namesOf()).not.toContain('Dism');
    expect((await next).output).toEqual([1]);
  });
});
