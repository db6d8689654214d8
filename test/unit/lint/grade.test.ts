import { describe, expect, test } from 'vitest';
import { gradeOf } from './lint-example.ts';

const result = '\n@{ changed = $true; rebootRequired = $false }';
const detect = "@{ needed = (Get-KtService -Name 'bits').State -ne 'Running'; possible = $true }";
const verify = "@{ ok = (Get-KtService -Name 'bits').State -eq 'Running' }";
const grade = (apply: string, irreversible: string | null = 'It stays'): readonly [string, readonly string[]] => {
  const terms = irreversible === null ? {} : { irreversible };
  const found = gradeOf({ detect, apply: apply + result, verify }, terms);
  return [found.grade, found.causes];
};
const remove = (root: string): string => `$a = Remove-KtItem -Path 'x' -Root ${root} -Reason 'old'`;

describe('a grade', () => {
  test('A: only changes with their inverse, or none', () => {
    expect(grade("Start-KtService -Name 'bits'", null)).toEqual(['A', []]);
    const back = "$a = Invoke-KtProgram -File 'a.exe' -UndoFile 'a.exe' -UndoArguments '/back'";
    expect(grade(back, null)).toEqual(['A', []]);
    expect(gradeOf({ verify }).grade).toBe('A');
  });

  test('B: declared, and what goes is a cache, a log, a repaired damage or a wrong clock', () => {
    for (const root of ['"$env:windir\\Temp"', "'C:\\ProgramData\\Example\\Cache'", '"$folder\\AppData\\Local\\Temp"'])
      expect(grade(remove(root))[0], root).toBe('B');
    expect(grade("Step-KtClock -Milliseconds 1 -Reason 'wrong'")).toEqual(['B', ['clock']]);
    expect(grade("$a = Invoke-KtProgram -File 'sfc.exe' -Irreversible 'x' -Leaves 'system-files'")).toEqual([
      'B',
      ['system-files'],
    ]);
    expect(grade("$a = Repair-KtVolume -Drive 'C:' -Reason 'damage'")).toEqual(['B', ['file system']]);
    const logs = '"$env:SystemDrive\\`$WINDOWS.~BT"';
    expect(grade(`$a = Invoke-KtProgram -File 'setup.exe' -Irreversible 'x' -Leaves ${logs}, 'windows'`)[0]).toBe('B');
    expect(grade('$a = 1')).toEqual(['B', ['It stays']]);
    expect(gradeOf({ detect, apply: result, verify, undo: result }).grade).toBe('B');
  });

  test('C: declared and named, but somebody may need it', () => {
    expect(grade(remove("'C:\\Data'"))).toEqual(['C', ['C:\\Data']]);
    expect(grade(remove('"$env:windir\\Temp\\..\\System32"'))[0]).toBe('C');
    expect(
      grade("$a = Invoke-KtProgram -File 'a.exe' -Irreversible 'x' -Leaves 'component-store', 'service:bits'"),
    ).toEqual(['C', ['service:bits']]);
  });

  test('D: declared, but the scripts do not tell what goes, or a change past the kit is allowed', () => {
    expect(grade(`param([string] $Folder)\n${remove('$Folder')}`)).toEqual(['D', ['Remove-KtItem']]);
    expect(grade("$a = Invoke-KtProgram -File 'a.exe' -Irreversible 'x'")).toEqual(['D', ['Invoke-KtProgram']]);
    const allowed = 'Stop-Service bits # kintsugi-lint: allow change-past-kit -- so it is';
    expect(grade(allowed, null)).toEqual(['D', ['change-past-kit (apply.ps1:1)']]);
  });

  test('E: not declared', () => {
    expect(grade(remove("'C:\\Temp'"), null)).toEqual(['E', ['Remove-KtItem']]);
  });

  test('F: past the kit, whatever else is', () => {
    expect(grade(`Stop-Service bits\n${remove("'C:\\Temp'")}`)).toEqual(['F', ['change-past-kit (apply.ps1:1)']]);
    expect(grade('if (', null)[0]).toBe('F');
  });
});

test('paths are followed through variables, tables and loops', () => {
  const text = `$places = @(@{ Path = "$env:windir\\Temp" }, @{ Path = 'C:\\Data' })
foreach ($place in $places) { ${remove('$place.Path')} }`;
  expect(grade(text)).toEqual(['C', ['C:\\Data']]);
  expect(grade(text.replace('C:\\Data', 'C:\\Cache'))).toEqual(['B', ['%windir%\\Temp, C:\\Cache']]);
  expect(grade(`$a = 'C:\\Temp'\n$a = Get-Item C:\\\n${remove('$a')}`)[0]).toBe('D');
});
