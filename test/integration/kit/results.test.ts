import { expect, it } from 'vitest';
import { Secret } from '../../../src/kernel/secret.ts';
import { callOf, claim, openKit } from './kit-on-host.ts';

const result = '@{ changed = $true; facts = @{}; rebootRequired = $false }';

it('a script that writes more than its result is told what it wrote, and what to do', async () => {
  const kit = await openKit('run-1');
  const order = await claim(kit, 'run-1');
  const messageOf = async (text: string, parameters: Parameters<typeof callOf>[1] = {}): Promise<unknown> => {
    const outcome = await kit.apply(callOf(text, parameters), { ...order, attempt: 1 });
    return outcome.kind === 'failed' ? outcome.fault.message : outcome;
  };
  expect(await messageOf(`'some   text'; [void]1; Get-Service -Name Spooler; ${result}; 1; 2`)).toBe(
    "Script mend/apply.ps1: expected one result object, got 5 objects: System.String 'some text', System.ServiceProcess.ServiceController, " +
      "System.Int32 '1' and 1 more. Assign to $null what is not the result.",
  );
  expect(await messageOf(`${result}; ${result}`)).toContain('got 2 objects: System.Collections.Hashtable. ');
  expect(await messageOf('[void]1')).toContain('got none: end with @{ ... }');
  const secret = { token: new Secret('swordfish-4711') };
  const shown = `param([securestring]$token) (New-Object Net.NetworkCredential '', $token).Password; ${result}`;
  expect(await messageOf(shown, secret)).toContain("System.String '(secret)'");
});
