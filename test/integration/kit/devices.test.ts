import { describe, expect, it } from 'vitest';
import { callOf, claim, openKit, told } from './kit-on-host.ts';

const done = '; @{ changed = $true; facts = @{}; rebootRequired = $false }';
const key = 'HKLM:\\SOFTWARE\\Example';

describe('disks, devices and registry keys', () => {
  it('are refused where Windows runs from them, and nothing is recorded', async () => {
    const kit = await openKit('run-1');
    const order = await claim(kit, 'run-1');
    const text = `Disable-KtDisk -UniqueId (Get-Disk | Where-Object IsBoot).UniqueId${done}`;
    expect(await kit.apply(callOf(text), { ...order, attempt: 1 })).toMatchObject({
      kind: 'failed',
      fault: { message: expect.stringContaining('holds Windows') },
    });
    expect(await told('@(Get-Disk | Where-Object IsOffline).Count')).toBe(0);
    expect((await kit.readLedger()).records.filter(({ kind }) => kind === 'before')).toEqual([]);
  });

  it('that are not there are left alone', async () => {
    const kit = await openKit('run-1');
    const order = await claim(kit, 'run-1');
    const text = `Disable-KtDevice -InstanceId 'USB\\NONE'; Disable-KtDisk -UniqueId 'none'; $moved = Rename-KtRegistryKey -Path '${key}'${done}`;
    expect(await kit.apply(callOf(text), { ...order, attempt: 1 })).toMatchObject({ kind: 'done' });
    expect((await kit.readLedger()).records.filter(({ kind }) => kind === 'before')).toEqual([]);
  });

  it('a key that somebody made anew keeps the old one from coming back over it', async () => {
    await told(`New-Item -Path '${key}' | Out-Null; New-ItemProperty -Path '${key}' -Name a -Value 1 | Out-Null; 1`);
    const kit = await openKit('run-1');
    const order = await claim(kit, 'run-1');
    const text = `$moved = Rename-KtRegistryKey -Path '${key}'${done}`;
    expect(await kit.apply(callOf(text), { ...order, attempt: 1 })).toMatchObject({ kind: 'done' });
    await told(`New-Item -Path '${key}' | Out-Null; 1`);
    const undone = await kit.undo({ ...order, step: null });
    expect(JSON.stringify(undone)).toContain('is there again');
  });
});
