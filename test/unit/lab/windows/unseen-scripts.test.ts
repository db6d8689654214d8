import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Value } from '../../../../src/lab/evaluator/value.ts';
import { labMachine, outputOf, runScript } from './run-script.ts';

/** Scripts as administrators write them; the lab was not made for any of them. */
const script = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/lab/unseen/${name}.ps1`, import.meta.url), 'utf8');
const last = (output: readonly Value[]): Value => output.at(-1);

describe('scripts the lab has never seen', () => {
  test('run a body as SYSTEM from files and pick the result up as JSON', async () => {
    const output = await outputOf(labMachine(), script('system-job'));
    expect(output).toEqual(['0 True 2 2267602  ', 'O:BAG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)']);
  });

  test('are stopped by an enforced signing policy when they come from files', async () => {
    const machine = labMachine([{ kind: 'execution-policy', policy: 'AllSigned' }]);
    const output = await outputOf(
      machine,
      script('system-job').replace(
        'do { Start-Sleep 5; $j = Get-SysJob j1 } while ($j.running)',
        'Start-Sleep 60; $j = Get-SysJob j1; $j.code; return',
      ),
    );
    expect(Number((last(output) as { value: bigint }).value)).toBe(1);
    const direct = await runScript(machine, `Set-Content C:\\x.ps1 '1'; & C:\\x.ps1`);
    expect(direct.errors[0]?.id ?? (direct.end.kind === 'failed' && direct.end.error.id)).toBe('UnauthorizedAccess');
  });

  test('reset the cache with retries against services that come back, and restore the services exactly', async () => {
    expect(await outputOf(labMachine([{ kind: 'update-cache-corrupt' }]), script('cache-reset'))).toEqual([
      'UsoSvc Auto 1 Running',
      'wuauserv Manual 0 Running',
      'bits Manual 0 Stopped',
      'cryptsvc Auto 0 Running',
      true,
      true,
      'UsoSvc Auto 1 Running',
      'wuauserv Manual 0 Running',
      'bits Manual 0 Stopped',
      'cryptsvc Auto 0 Running',
      true,
    ]);
  });

  test('make a restore point and a shadow copy with proof', async () => {
    expect(await outputOf(labMachine(), script('protection'))).toEqual(['restore True', 'shadow True']);
  });

  test('set a dead-man task that undoes in time', async () => {
    expect(await outputOf(labMachine(), script('dead-man'))).toEqual([false, 'yes']);
  });
});
