import { expect, test } from 'vitest';
import { builtInExtensions } from '../../../../src/lab/evaluator/built-in.ts';
import { PowerShellError } from '../../../../src/lab/evaluator/define.ts';
import type { PipelineCommand, Runspace } from '../../../../src/lab/evaluator/pipeline.ts';
import { createRunspace } from '../../../../src/lab/evaluator/runspace.ts';
import type { Surface } from '../../../../src/lab/evaluator/surface.ts';
import { bareHooks } from './run-script.ts';

/** Runs one pipeline: its output, and the id of the error that ended it or was written. */
const run = async (runspace: Runspace, command: PipelineCommand): Promise<{ output: unknown[]; id: string }> => {
  const output: unknown[] = [];
  let id = '';
  const nothing = (): undefined => undefined;
  const end = await runspace.run([command], {
    output: (value) => void output.push(value),
    error: (record) => {
      id = record.id;
    },
    warning: nothing,
    verbose: nothing,
    debug: nothing,
    information: nothing,
    progress: nothing,
  }).done;
  return { output, id: end.kind === 'failed' ? end.error.id : id };
};
const script = (text: string): PipelineCommand => ({ text, isScript: true });
const call = (text: string): PipelineCommand => ({ text, isScript: false });

const module = `
$script:count = 0
$private = 'of the module'
function Hidden { $script:count++; "$private $($script:count)" }
function Shown { Hidden }
function Run-Text { param($Text) & ([scriptblock]::Create($Text)) }
function Global:Everywhere { Hidden }
Set-Alias -Name Twin -Value Hidden -Scope Script
Export-ModuleMember -Function Shown, Run-Text
`;

test('functions of a module see the variables, functions and aliases of the module, whoever calls them', async () => {
  const runspace = createRunspace({ hooks: bareHooks() });
  await runspace.importModule(module, 'M.psm1');
  const caller =
    "$private = 'of the caller'; function Hidden { 'stranger' }; Shown; Shown; Everywhere; Run-Text 'Twin'";
  expect((await run(runspace, script(caller))).output).toEqual([
    'of the module 1',
    'of the module 2',
    'of the module 3',
    'of the module 4',
  ]);
  expect(runspace.getVariable('count')).toBeUndefined();
});

test('what a module does not export, and what a caller has defined, stay apart', async () => {
  const runspace = createRunspace({ hooks: bareHooks() });
  await runspace.importModule(module, 'M.psm1');
  expect((await run(runspace, call('Hidden'))).id).toBe('CommandNotFoundException');
  expect((await run(runspace, call('Twin'))).id).toBe('CommandNotFoundException');
  const inside = `function Local { 'local' }; $mine = 5; Run-Text '"[$mine]"; Local'`;
  expect(await run(runspace, script(inside))).toEqual({ output: ['[5]', 'local'], id: '' });
  const nested = `function Outer { $inner = 7; Run-Text '"[$inner]"' }; Outer`;
  expect((await run(runspace, script(nested))).output).toEqual(['[]']);
});

test("a function's block has the text between its braces, and a function can be dot-sourced", async () => {
  const runspace = createRunspace({ hooks: bareHooks() });
  await runspace.importModule(
    "function Held {\nfunction Inner { 'inner' }\n}\n. Held\nfunction Text { (Get-Command -Name Held).ScriptBlock.ToString() }\n",
    'M.psm1',
  );
  expect((await run(runspace, call('Text'))).output).toEqual(["\nfunction Inner { 'inner' }\n"]);
  expect((await run(runspace, call('Inner'))).output).toEqual(['inner']);
});

test('a module whose script ends with an error is not imported', async () => {
  const runspace = createRunspace({ hooks: bareHooks() });
  await expect(runspace.importModule("function Gone { 1 }; throw 'no'", 'M.psm1')).rejects.toThrow(PowerShellError);
  expect((await run(runspace, call('Gone'))).id).toBe('CommandNotFoundException');
  expect((await run(runspace, script('Export-ModuleMember -Function Gone'))).id).toContain('InsideAModule');
});

test('without language, a client has the visible commands alone, and proxies stand before commands also inside', async () => {
  const cmdlet = builtInExtensions.flatMap(({ cmdlets }) => cmdlets ?? []).find(({ name }) => name === 'Select-Object');
  if (cmdlet === undefined) throw new Error('there is no Select-Object');
  const { InputObject } = cmdlet.parameters;
  const proxy = { ...cmdlet, parameters: InputObject ? { InputObject } : {} };
  const surface: Surface = {
    visible: new Set(['shown', 'select-object', 'get-command']),
    proxies: new Map([['select-object', proxy]]),
  };
  const runspace = createRunspace({ hooks: bareHooks(), surface });
  await runspace.importModule(
    'function Shown { param([switch]$Proxy) if ($Proxy) { 1, 2 | Select-Object -First 1 } else { 1, 2 | Microsoft.PowerShell.Utility\\Select-Object -First 1 } }',
    'M.psm1',
  );
  expect(await run(runspace, call('Shown'))).toEqual({ output: [1], id: '' });
  const proxied = { ...call('Shown'), parameters: [{ name: 'Proxy', value: true }] };
  expect((await run(runspace, proxied)).id).toContain('NamedParameterNotFound');
  expect((await run(runspace, call('Sort-Object'))).id).toBe('CommandNotFoundException');
  expect((await run(runspace, { ...call('Shown'), useLocalScope: false })).id).toBe('RuntimeException');
  const refusal = await run(runspace, script('1'));
  expect(refusal).toEqual({ output: [], id: 'ScriptsNotAllowed' });
  expect((await run(runspace, call('Get-Command'))).output).toHaveLength(3);
});
