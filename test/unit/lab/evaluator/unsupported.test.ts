import { describe, expect, test } from 'vitest';
import { defineType } from '../../../../src/lab/evaluator/define.ts';
import type { Extension } from '../../../../src/lab/evaluator/host.ts';
import { newObject } from '../../../../src/lab/evaluator/make.ts';
import type { TypeDefinition } from '../../../../src/lab/evaluator/type-definition.ts';
import { runScript } from './run-script.ts';

const boxType: TypeDefinition<null> = defineType<null>({
  name: 'Test.Box',
  methods: { Open: () => 1 },
  construct: () => newObject(boxType, null),
});
const boxes: Extension = { types: [boxType as TypeDefinition], knownCommands: new Set(['Get-Volume']) };

describe('what Windows has and the lab has not ends the script, past every catch', () => {
  test.each([
    ['[Test.Box]::new().Close()', '[Test.Box].Close()'],
    ['[Test.Box]::Count', '[Test.Box]::Count'],
    ["'abc'.IsNormalized()", 'IsNormalized'],
    ["'abc'.Substring.OverloadDefinitions", 'the signatures of the method Substring'],
    ['[System.Net.Dns]::GetHostName()', 'System.Net.Dns'],
    ['New-Object System.Net.WebClient', 'System.Net.WebClient'],
    ['New-Object -ComObject Shell.Application', 'Shell.Application'],
    ['Get-Volume', 'Get-Volume'],
    ["'a' -replace 'a', { 'b' }", '-replace with a script block'],
    ['[string].Assembly', '[System.String].Assembly'],
    ["'ab' -match '(?>a)b'", 'atomic groups'],
  ])('%s', async (script, named) => {
    const { end, output } = await runScript(`try { ${script} } catch { 'caught' }`, [boxes]);
    expect(output).toEqual([]);
    if (end.kind !== 'failed') throw new Error('the script should have ended');
    expect(end.error.id).toBe('LabUnsupported');
    expect(end.error.exception.message).toContain(named);
    if (!named.startsWith('atomic')) expect(end.error.exception.message).toMatch(/script:1:\d+/);
  });

  test('what exists nowhere is the error of PowerShell', async () => {
    const { errors } = await runScript("'abc'.NoSuch(); [NoSuchType]::x; No-SuchCommand", [boxes]);
    expect(errors.map(({ id }) => id)).toEqual(['MethodNotFound', 'TypeNotFound', 'CommandNotFoundException']);
  });
});
