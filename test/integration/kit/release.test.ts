import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/kernel/secret.ts';
import { callOf, claim, head, openKit, openShell, stateOf, told } from './kit-on-host.ts';

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
