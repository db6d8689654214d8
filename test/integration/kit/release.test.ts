import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sha256 } from '../../../src/kernel/canonical-json.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import { type Lab, startLab } from '../../../src/lab/start-lab.ts';
import type { HostKit, ScriptCall } from '../../../src/remote/powershell/host-kit.ts';
import { loadHostKitText } from '../../../src/remote/powershell/host-kit-text.ts';
import { openHostKit } from '../../../src/remote/powershell/open-host-kit.ts';
import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';

const head = 'a'.repeat(64);
const password = randomUUID();

const callOf = (text: string, parameters: ScriptCall['parameters'] = {}): ScriptCall => ({
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
    spec: { kintsugi: 'lab/v1', hosts: { pc1: { base: 'windows-11-24h2', description: 'release', faults: [] } } },
    password,
  });
});
afterEach(async () => {
  for (const shell of shells) await shell[Symbol.asyncDispose]();
  shells = [];
  await lab.close();
});

async function openShell(): Promise<RemoteShell> {
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

async function openKit(run: string): Promise<HostKit> {
  const kit = openHostKit(await openShell(), await loadHostKitText());
  await kit.open({ run, host: 'pc1', reference: () => Date.now(), scripts: new Map() });
  return kit;
}

const told = async (text: string): Promise<unknown> =>
  (await (await openShell()).invoke({ kind: 'script', text })).output[0];

async function claim(kit: HostKit, run: string): Promise<{ readonly token: number; readonly journalHead: string }> {
  const taken = await kit.claim({ owner: `${run}/a`, journalHead: head });
  if (taken.kind !== 'claimed') throw new Error(`expected the claim, got ${taken.kind}`);
  return { token: taken.token, journalHead: head };
}

const stateOf = (service: string) => told(`[string](Get-Service -Name ${service}).Status`);

describe('giving a host free', () => {
  it('starts what a failed step has left stopped, also where its other changes stay (I9)', async () => {
    await told('Start-Service -Name Spooler');
    expect(await stateOf('Spooler')).toBe('Running');
    const kit = await openKit('run-1');
    const order = await claim(kit, 'run-1');
    const text = `Stop-KtService -Name Spooler
Set-KtRegistryValue -Path 'HKLM:\\SOFTWARE\\Kept' -Name 'kept' -Value 'new'
throw 'it broke'`;
    expect(await kit.apply(callOf(text), { ...order, attempt: 1 })).toMatchObject({ kind: 'failed' });
    expect(await stateOf('Spooler')).toBe('Stopped');
    await kit.release({ ...order, end: 'needs-hands' });
    expect(await stateOf('Spooler')).toBe('Running');
    expect(await told("(Get-ItemProperty -Path 'HKLM:\\SOFTWARE\\Kept').kept")).toBe('new');
    expect(await told("@(Get-ScheduledTask -TaskName 'Kintsugi-*' -ErrorAction SilentlyContinue).Count")).toBe(0);
    expect((await kit.readLedger()).records.at(-1)?.kind).toBe('released');
  });

  it('starts them also where another step came to a good end meanwhile', async () => {
    await told('Start-Service -Name Spooler');
    const kit = await openKit('run-1');
    const order = await claim(kit, 'run-1');
    const text = "Stop-KtService -Name Spooler; throw 'it broke'";
    expect(await kit.apply(callOf(text), { ...order, attempt: 1 })).toMatchObject({ kind: 'failed' });
    const other = 'Stop-KtService -Name BITS; @{ changed = $false; facts = @{}; rebootRequired = $false }';
    for (const step of ['nothing', 'other']) {
      const call = callOf(step === 'other' ? other : other.replace(/^[^;]*; /, ''));
      expect(await kit.apply({ ...call, step }, { ...order, attempt: 1 })).toMatchObject({ kind: 'done' });
    }
    expect(await told("@(Get-ScheduledTask -TaskName 'Kintsugi-run-1-deadman-services*').Count")).toBe(2);
    await kit.release({ ...order, end: 'needs-hands' });
    expect(await stateOf('Spooler')).toBe('Running');
  });

  it('puts protection back also where the step that weakened it came to a good end', async () => {
    const kit = await openKit('run-1');
    const order = await claim(kit, 'run-1');
    const text = "Add-KtDefenderExclusion -Path 'C:\\Data'; @{ changed = $true; facts = @{}; rebootRequired = $false }";
    expect(await kit.apply(callOf(text), { ...order, attempt: 1 })).toMatchObject({ kind: 'done' });
    const excluded = "@((Get-MpPreference).ExclusionPath | Where-Object { $_ -eq 'C:\\Data' }).Count";
    expect(await told(excluded)).toBe(1);
    await kit.release({ ...order, end: 'repaired' });
    expect(await told(excluded)).toBe(0);
  });

  it('leaves what a step has switched on, which takes no protection away', async () => {
    await told('Set-MpPreference -DisableRealtimeMonitoring $true');
    const kit = await openKit('run-1');
    const order = await claim(kit, 'run-1');
    const text =
      'Set-KtDefenderPreference -Name DisableRealtimeMonitoring -Value $false; @{ changed = $true; facts = @{}; rebootRequired = $false }';
    expect(await kit.apply(callOf(text), { ...order, attempt: 1 })).toMatchObject({ kind: 'done' });
    await kit.release({ ...order, end: 'repaired' });
    expect(await told('(Get-MpPreference).DisableRealtimeMonitoring')).toBe(false);
  });

  it('is not made blind by another script under the name of the step that weakened', async () => {
    await told('Start-Service -Name Spooler');
    const kit = await openKit('run-1');
    const order = await claim(kit, 'run-1');
    await kit.apply(callOf("Stop-KtService -Name Spooler; throw 'it broke'"), { ...order, attempt: 1 });
    const harmless = '@{ changed = $false; facts = @{}; rebootRequired = $false }';
    for (const kind of ['apply', 'undo'] as const)
      expect(await kit.apply({ ...callOf(harmless), kind }, { ...order, attempt: 2 })).toMatchObject({ kind: 'done' });
    await kit.release({ ...order, end: 'needs-hands' });
    expect(await stateOf('Spooler')).toBe('Running');
  });

  it('does not take the dead-man task from its work', async () => {
    await told('Start-Service -Name Spooler');
    const kit = await openKit('run-1');
    const order = await claim(kit, 'run-1');
    const text = `Stop-KtService -Name Spooler
while (-not [IO.File]::Exists('C:\\go')) { <# no sleep: time would jump to the task's limit #> }
@{ changed = $true; facts = @{}; rebootRequired = $false }`;
    const work = kit.apply(callOf(text), { ...order, attempt: 1 });
    const other = await openKit('run-1');
    await vi.waitUntil(async () => (await other.readLedger()).records.some(({ kind }) => kind === 'before'));
    expect(await other.claim({ owner: 'run-1#deadman-services-time', journalHead: '' })).toMatchObject({
      kind: 'claimed',
    });
    await told('Set-Content -Path C:\\go -Value x');
    expect(await work).toMatchObject({ kind: 'done' });
    expect(await told("@(Get-ScheduledTask -TaskName 'Kintsugi-run-1-deadman-services*').Count")).toBe(2);
    expect((await kit.readLedger()).records.at(-1)?.kind).toBe('outcome');
  });

  it('goes by the time of a new attempt after the step was put back', async () => {
    await told('Start-Service -Name Spooler');
    const kit = await openKit('run-1');
    const order = await claim(kit, 'run-1');
    const call = callOf("Stop-KtService -Name Spooler; throw 'it broke'");
    const limit = () =>
      told(
        '(ConvertFrom-Json ([IO.File]::ReadAllText("$env:ProgramData\\Kintsugi\\tasks\\Kintsugi-run-1-deadman-services\\call.json"))).limitMs',
      );
    const before = callOf('Stop-KtService -Name BITS; @{ changed = $true; facts = @{}; rebootRequired = $false }');
    await told('Start-Service -Name BITS');
    await kit.apply({ ...before, step: 'first' }, { ...order, attempt: 1 });
    await kit.apply(call, { ...order, attempt: 1 });
    expect(await limit()).toBe(2 * 60_000 + 600_000);
    await kit.undo({ ...order, step: 'mend' });
    expect(await stateOf('Spooler')).toBe('Running');
    expect(await told("@(Get-ScheduledTask -TaskName 'Kintsugi-run-1-deadman-services*').Count")).toBe(0);
    await kit.apply({ ...call, longestMs: 120_000 }, { ...order, attempt: 2 });
    expect(await limit()).toBe(2 * 120_000 + 600_000);
    const longer = callOf('@{ changed = $false; facts = @{}; rebootRequired = $false }');
    await kit.apply({ ...longer, step: 'next', longestMs: 300_000 }, { ...order, attempt: 1 });
    expect(await limit()).toBe(2 * 300_000 + 600_000);
  });

  it('leaves services of a step that ended well as the step has made them', async () => {
    const kit = await openKit('run-1');
    const order = await claim(kit, 'run-1');
    await told('Start-Service -Name Spooler');
    const text = 'Stop-KtService -Name Spooler; @{ changed = $true; facts = @{}; rebootRequired = $false }';
    expect(await kit.apply(callOf(text), { ...order, attempt: 1 })).toMatchObject({ kind: 'done' });
    await kit.release({ ...order, end: 'repaired' });
    expect(await stateOf('Spooler')).toBe('Stopped');
  });

  it('is done by a commit that failed too: other runs are not kept away', async () => {
    const kit = await openKit('run-1');
    const order = await claim(kit, 'run-1');
    await kit.capture({ ...order, touches: [] });
    await kit.release({ ...order, end: 'repaired' });
    const holder = await openShell();
    const held = '$env:ProgramData\\Kintsugi\\runs\\run-1\\captures\\capture.json';
    await holder.invoke({
      kind: 'script',
      text: `$global:held = New-Object IO.FileStream "${held}", ([IO.FileMode]::Open), ([IO.FileAccess]::Read), ([IO.FileShare]::None)`,
    });
    await expect(kit.commit({ journalHead: head })).rejects.toThrow();
    await claim(await openKit('run-2'), 'run-2');
  });
});

it('A restart that is asked for twice lets one start of Windows pass; one that is refused, none.', async () => {
  await told('Start-Service -Name Spooler');
  const shell = await openShell();
  const kit = openHostKit(shell, await loadHostKitText());
  await kit.open({ run: 'run-1', host: 'pc1', reference: () => Date.now(), scripts: new Map() });
  const order = await claim(kit, 'run-1');
  await kit.apply(callOf("Stop-KtService -Name Spooler; throw 'it broke'"), { ...order, attempt: 1 });
  const planned = async (text: string): Promise<unknown> => {
    const boots = '$env:ProgramData\\Kintsugi\\tasks\\Kintsugi-run-1-deadman-services\\boots.json';
    const { output } = await shell.invoke({
      kind: 'script',
      text: `${text}; (ConvertFrom-Json ([IO.File]::ReadAllText("${boots}"))).planned`,
    });
    return output[0];
  };
  expect(await planned('$null = Add-KtPlannedBoot; $null = Add-KtPlannedBoot')).toBe(1);
  expect(await planned("Remove-KtPlannedBoot -Group 'services'")).toBe(0);
});

it('A former attempt that must not be interrupted is not ended.', async () => {
  const first = await openKit('run-1');
  const order = await claim(first, 'run-1');
  const text = 'while ($true) { Start-Sleep -Seconds 5 }';
  const work = first.apply({ ...callOf(text), interruptible: false }, { ...order, attempt: 1 });
  work.catch(() => undefined);
  const second = await openKit('run-1');
  const intent = await vi.waitUntil(async () =>
    (await second.readLedger()).records.find(({ kind }) => kind === 'intent'),
  );
  await expect(second.endFormerAttempt(intent)).rejects.toMatchObject({
    facts: { error: { fqid: 'KtNotInterruptible' } },
  });
  expect(await second.formerAttempt(intent)).toMatchObject({ alive: true });
});

it('A secret that is part of a hash is masked in what scripts gave, and breaks no chain (I6, I10).', async () => {
  const kit = await openKit('run-1');
  const order = await claim(kit, 'run-1');
  const text = `param([securestring]$Pin)
Set-KtRegistryValue -Path 'HKLM:\\SOFTWARE\\Kept' -Name 'kept' -Value 'new'
@{ changed = $true; facts = @{ told = 'aaaa' }; rebootRequired = $false }`;
  const call = callOf(text, { Pin: new Secret('aaaa') });
  expect(await kit.apply(call, { ...order, attempt: 1 })).toMatchObject({
    kind: 'done',
    result: { facts: { told: '(secret)' } },
  });
  const ledger = await kit.readLedger();
  expect(ledger.broken).toBe(false);
  expect(ledger.records.map(({ kind }) => kind)).toEqual(['claim', 'intent', 'before', 'before', 'outcome']);
  expect(new Set(ledger.records.map(({ journalHead }) => journalHead))).toEqual(new Set([head]));
  expect(ledger.records.at(-1)?.data['facts']).toEqual({ told: '(secret)' });
});

it("In a folder that somebody else could have prepared as the kit's, nothing is removed before the claim refuses it.", async () => {
  const left = '$env:ProgramData\\Kintsugi\\tasks\\Kintsugi-run-1-detect-0';
  await told(`[void][IO.Directory]::CreateDirectory("${left}"); 1`);
  const kit = await openKit('run-1');
  expect(await told(`[IO.Directory]::Exists("${left}")`)).toBe(true);
  expect(await kit.claim({ owner: 'run-1/a', journalHead: head })).toMatchObject({ kind: 'tampered' });
});

it.each(['inline', 'system'] as const)(
  'Parameters that are called as the members of a table are reach a script in the lane %s, and a secret among them is masked.',
  async (lane) => {
    const kit = await openKit('run-1');
    const text = `param([securestring]$Values, [string[]]$Keys, [int]$Count, $Table)
$clear = (New-Object -TypeName Net.NetworkCredential -ArgumentList '', $Values).Password
@{ ok = $true; reason = "$clear $($Keys -join '+') $Count"; facts = $Table }`;
    const parameters = { Values: new Secret('seven7'), Keys: ['a', 'b'], Count: 3, Table: { Keys: 'k', Count: 1 } };
    let outcome = await kit.read({ ...callOf(text, parameters), kind: 'verify', lane });
    while (outcome.kind === 'running') outcome = (await kit.poll(outcome.task)) as typeof outcome;
    expect(outcome).toMatchObject({
      kind: 'done',
      result: { reason: '(secret) a+b 3', facts: { Keys: 'k', Count: 1 } },
    });
  },
);
