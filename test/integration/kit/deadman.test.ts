import { describe, expect, it, vi } from 'vitest';
import { loadHostKitText } from '../../../src/remote/powershell/host-kit-text.ts';
import { openHostKit } from '../../../src/remote/powershell/open-host-kit.ts';
import { callOf, claim, openKit, openShell, stateOf, told } from './kit-on-host.ts';

describe('the dead-man tasks of services', () => {
  it('are not disarmed by another script under the name of the step that weakened', async () => {
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

  it('are left to their work by a step whose claim they have taken', async () => {
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

  it('go by the time of a new attempt after the step was put back', async () => {
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

  it('start them at the release also where another step came to a good end meanwhile', async () => {
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
