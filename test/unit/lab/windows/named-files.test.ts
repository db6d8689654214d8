import { describe, expect, test } from 'vitest';
import { labMachine, outputOf, runScript } from './run-script.ts';

describe('icacls and takeown with wildcards', () => {
  const files = `$folder = (New-Item C:\\t -ItemType Directory).FullName
    'one.txt', 'two.txt', 'other.log' | ForEach-Object { Set-Content "$folder\\$_" x }`;

  test('mean all that lies in the folder under such a name', async () => {
    const output = await outputOf(
      labMachine(),
      `${files}
       @(& icacls.exe C:\\t\\*.txt) -match '^C:|^Succ' -replace 'txt .*', 'txt'
       & icacls.exe C:\\t\\*.txt /grant 'Everyone:F'
       'one.txt', 'two.txt', 'other.log' | ForEach-Object { [bool]((Get-Acl "C:\\t\\$_").Access.IdentityReference -match 'Everyone') }
       @(& takeown.exe /f C:\\t\\t?o.* /a) -ne ''
       & icacls.exe C:\\t\\*.none; $LASTEXITCODE`,
    );
    expect(output).toEqual([
      'C:\\t\\one.txt',
      'C:\\t\\two.txt',
      'Successfully processed 2 files; Failed processing 0 files',
      'Successfully processed 2 files; Failed processing 0 files',
      true,
      true,
      false,
      'SUCCESS: The file (or folder): "C:\\t\\two.txt" now owned by the administrators group.',
      'C:\\t\\*.none: The system cannot find the file specified.',
      2,
    ]);
  });

  test.each(['icacls.exe C:\\t\\*.txt /t /reset', 'takeown.exe /f C:\\t\\*.txt /r /d y', 'icacls.exe C:\\*\\one.txt'])(
    '%s ends the script as what the lab does not know',
    async (call) => {
      const { end } = await runScript(labMachine(), `${files}; & ${call}`);
      expect(end.kind === 'failed' && end.error.id).toBe('LabUnsupported');
    },
  );
});
