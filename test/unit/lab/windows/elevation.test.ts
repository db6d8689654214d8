import { describe, expect, test } from 'vitest';
import { labMachine, outputOf, runScript } from './run-script.ts';

const commands: readonly (readonly [text: string, id: string])[] = [
  ['Repair-WindowsImage -Online -RestoreHealth', 'Microsoft.Dism.Commands.RepairWindowsImageCommand'],
  ['Checkpoint-Computer before', 'GetWMIManagementException,Microsoft.PowerShell.Commands.CheckpointComputerCommand'],
  ['Set-MpPreference -DisableRealtimeMonitoring $true', 'HRESULT 0xc0000142,Set-MpPreference'],
  [
    'Set-Date (Get-Date).AddHours(1)',
    'System.ComponentModel.Win32Exception,Microsoft.PowerShell.Commands.SetDateCommand',
  ],
  [
    'Register-ScheduledTask own -Action (New-ScheduledTaskAction -Execute hostname.exe) -Principal (New-ScheduledTaskPrincipal -UserId SYSTEM -LogonType ServiceAccount)',
    'HRESULT 0x80070005,Register-ScheduledTask',
  ],
  [
    "Invoke-CimMethod -ClassName Win32_ShadowCopy -MethodName Create -Arguments @{ Volume = 'C:\\'; Context = 'ClientAccessible' }",
    'HRESULT 0x80041003,Microsoft.Management.Infrastructure.CimCmdlets.InvokeCimMethodCommand',
  ],
  ['Stop-Process -Name spoolsv -Force', 'CouldNotStopProcess,Microsoft.PowerShell.Commands.StopProcessCommand'],
];

const programs: readonly (readonly [text: string, exit: number])[] = [
  ['Dism.exe /Online /Cleanup-Image /RestoreHealth', 740],
  ['sfc.exe /scannow', 1],
  ['bcdedit.exe /enum', 1],
  ['vssadmin.exe list shadows', 2],
  ['w32tm.exe /resync', -2147024891],
  ['shutdown.exe /r /t 600', 5],
  ['fltmc.exe', -2147024891],
  ['gpresult.exe /r', 1],
  ['netsh.exe winhttp reset proxy', 1],
  // Whoever has no rights is refused whatever is asked, known or not.
  ['Dism.exe /Online /Bogus', 740],
  ['powercfg.exe /energy', 1],
  ['w32tm.exe /register', -2147024891],
  ['shutdown.exe /g', 5],
  ['hostname.exe', 0],
];

describe('a session without administrator rights', () => {
  test('is refused by every command that needs them, each with its own error', async () => {
    const machine = labMachine([{ kind: 'not-elevated' }, { kind: 'component-store-corrupt' }]);
    for (const [text, id] of commands) {
      const ran = await runScript(machine, text);
      expect(ran.end.kind === 'failed' ? ran.end.error.id : ran.errors[0]?.id, text).toBe(id);
    }
    const exits = programs.map(([text]) => `${text} *> $null; $LASTEXITCODE`).join('\n');
    expect(await outputOf(machine, exits)).toEqual(programs.map(([, exit]) => exit));
    expect(machine.components.markedHealth).not.toBe('Healthy');
    expect(machine.restore.points).toHaveLength(0);
    expect(machine.defender.preferences.get('DisableRealtimeMonitoring')).toBe(false);
    // What a service starts for the same account may.
    expect(await outputOf(machine, 'bcdedit.exe /enum | Out-Null; $LASTEXITCODE', 'service')).toEqual([0]);
  });

  test('cannot start a program whose manifest asks for an administrator', async () => {
    const machine = labMachine([{ kind: 'not-elevated' }]);
    const ran = await runScript(machine, 'wusa.exe C:\\Windows\\Temp\\a.msu /quiet');
    expect(ran.end.kind === 'failed' ? ran.end.error.id : ran.errors[0]?.id).toBe('NativeCommandFailed');
  });
});
