import { expect, test } from 'vitest';
import { findPowerShell } from '../../../src/compose/find-powershell.ts';

test('The PowerShell of the environment is taken before one on the PATH', () => {
  expect(findPowerShell({ KINTSUGI_PWSH: process.execPath, PATH: '/nowhere' })).toBe(process.execPath);
});

test('Where there is none, it is said where one was looked for', () => {
  expect(() => findPowerShell({ PATH: '/nowhere' })).toThrow('there is no pwsh on the PATH');
  expect(() => findPowerShell({ KINTSUGI_PWSH: '/nowhere/pwsh' })).toThrow('KINTSUGI_PWSH names /nowhere/pwsh');
});
