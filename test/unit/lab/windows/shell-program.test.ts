import { expect, test } from 'vitest';
import { labMachine, outputOf, runScript } from './run-script.ts';

const call = (text: string): string => `
  $info = New-Object Diagnostics.ProcessStartInfo "$env:windir\\System32\\WindowsPowerShell\\v1.0\\powershell.exe", '-NoProfile -NonInteractive -Command ${text}'
  $info.UseShellExecute = $false; $info.RedirectStandardOutput = $true
  $process = [Diagnostics.Process]::Start($info)
  $read = $process.StandardOutput.ReadToEndAsync(); $process.WaitForExit(); "$($process.ExitCode)|$($read.Result)"`;

test('powershell.exe runs a script that writes nothing for somebody who reads its output', async () => {
  const machine = labMachine();
  expect(await outputOf(machine, call('New-Item C:\\made -ItemType Directory | Out-Null; exit 7'))).toEqual(['7|']);
  expect(machine.files.exists('C:\\made')).toBe(true);
});

test('what powershell.exe writes is not made up', async () => {
  const ran = await runScript(labMachine(), call('Get-Date'));
  expect(ran.end).toMatchObject({ kind: 'failed', error: { id: 'LabUnsupported' } });
});
