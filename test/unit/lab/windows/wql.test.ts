import { expect, test } from 'vitest';
import { labMachine, outputOf, runScript } from './run-script.ts';

test('LIKE of WQL knows ranges, and a range turned round is refused', async () => {
  const names = (pattern: string) =>
    `@(Get-CimInstance Win32_Service -Filter "Name LIKE '${pattern}'").Name | Sort-Object`;
  expect(await outputOf(labMachine(), names('[v-w]uau[^a-b]er_'))).toEqual(['wuauserv']);
  const { end } = await runScript(labMachine(), names('[z-a]%'));
  expect(end.kind === 'failed' && end.error.id).toBe('LabUnsupported');
});
