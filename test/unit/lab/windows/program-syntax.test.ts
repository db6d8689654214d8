import { describe, expect, test } from 'vitest';
import { programs } from '../../../../src/lab/windows/programs/programs.ts';
import { syntaxTable } from '../../../../src/lab/windows/programs/syntax-table.ts';
import { labMachine, outputOf, runScript } from './run-script.ts';

const msu = 'C:\\Updates\\windows10.0-kb5068861-x64.msu';
const run = (args: string): string =>
  `$p = Start-Process wusa.exe -ArgumentList '${msu} ${args}' -PassThru; $p.WaitForExit(3600000); if ($p.HasExited) { '0x{0:X}' -f $p.ExitCode } else { 'hangs' }`;
const withPackage = () => labMachine([{ kind: 'package-damaged', path: 'C:\\bad.msu', goodCopy: msu }]);

describe('a program', () => {
  test.each([
    'sc.exe query',
    'sc.exe failure wuauserv reset= 0 actions= restart/5000',
    'sc.exe config wuauserv binPath= C:\\x.exe',
    'net.exe start',
    'net.exe localgroup administrators',
    'reg.exe copy HKLM\\SOFTWARE\\Microsoft HKLM\\SOFTWARE\\Q /s /f',
    'reg.exe query HKLM\\SOFTWARE\\Microsoft /f Windows /s',
    'reg.exe add HKLM\\SOFTWARE\\W32 /v x /d 1 /f /reg:32',
    'Dism.exe /Online /Cleanup-Image /RevertPendingActions',
    'Dism.exe /Online /Enable-Feature /FeatureName:NetFx3 /All',
    'Dism.exe /Online /Get-Features',
    'sfc.exe /scanfile=C:\\Windows\\System32\\kernel32.dll',
    'wevtutil.exe cl System',
    'wevtutil.exe qe System /f:text',
    'fsutil.exe volume list',
    'vssadmin.exe add shadowstorage /for=C: /on=C: /maxsize=10GB',
    'vssadmin.exe delete shadows /for=C: /quiet',
    'manage-bde.exe -off C:',
    'powercfg.exe /getactivescheme',
    'w32tm.exe /stripchart /computer:x /samples:1',
    'shutdown.exe /g /t 0',
    'icacls.exe C:\\Windows /findsid Administrators',
    'msiexec.exe /fa C:\\x.msi /qn',
    'sfc.exe /?',
    'netsh.exe winhttp show advproxy',
    'ipconfig.exe /renew',
    'bitsadmin.exe /transfer x',
    'nslookup.exe',
    'whoami.exe /priv',
    'takeown.exe /s host /f C:\\Windows',
    'UsoClient.exe StartInstall',
  ])('says of %s that the lab does not simulate it, and does nothing', async (line) => {
    const machine = labMachine();
    const before = machine.changes.count;
    const ran = await runScript(machine, `& ${line}; "exit $LASTEXITCODE"`);
    expect(ran.output).toEqual([]);
    expect(JSON.stringify(ran.end)).toContain('does not simulate');
    // Nothing but its process began and ended.
    expect(machine.changes.count - before).toBeLessThanOrEqual(4);
  });

  test.each([
    ['Dism.exe /Online /Cleanup-Image /RestoreHealth /Sorce:x', 87, 'The sorce option is unknown.'],
    ['vssadmin.exe delete shadows /bogus', 2, 'Error: Invalid option value.'],
    ['shutdown.exe /r /bogus', 1, 'Usage: shutdown'],
    ['w32tm.exe /resync /bogus', 0x80070057 | 0, 'The following arguments were unexpected:'],
    ['wevtutil.exe qe System /zz:1', 87, 'The parameter is incorrect.'],
    ['chkdsk.exe nothing', 3, 'The drive, the path, or the file name is not valid.'],
    ['net.exe start Spooler', 2, 'The requested service has already been started.'],
    ['net.exe stop nosuch', 2, 'The service name is invalid.'],
    ['net.exe bogus', 1, 'The syntax of this command is:'],
  ])('refuses what it does not know either (%s)', async (line, code, text) => {
    const machine = labMachine();
    const ran = await outputOf(machine, `& ${line} 2>&1 | ForEach-Object { "$_" }; $LASTEXITCODE`);
    expect(ran.at(-1)).toBe(code);
    expect(ran.map(String).join('\n')).toContain(text);
    expect(machine.power.state).toBe('up');
  });

  test('that the table describes exists', () => {
    const names = programs.map(({ path }) => path.replace(/^.*\\|\.exe$/gi, '').toLowerCase());
    expect(Object.keys(syntaxTable).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('wusa', () => {
  test('restarts the host where nobody keeps it from it', async () => {
    const machine = withPackage();
    machine.power.awayRealMs = 1;
    expect(await outputOf(machine, run('/quiet /norestart'), 'service')).toEqual([true, '0xBC2']);
    expect(machine.power.abort(4)).toBe(false);
    const other = withPackage();
    expect(await outputOf(other, run('/quiet'), 'service')).toEqual([true, '0xBC2']);
    expect(other.power.abort(4)).toBe(true);
  });

  test('waits for a window that nobody sees without /quiet, and unpacks nothing', async () => {
    const machine = withPackage();
    expect(await outputOf(machine, run('/norestart'), 'service')).toEqual([false, 'hangs']);
    const ran = await runScript(machine, `& wusa.exe ${msu} /extract:C:\\out`, 'service');
    expect(JSON.stringify(ran.end)).toContain('does not simulate wusa /extract');
  });
});
