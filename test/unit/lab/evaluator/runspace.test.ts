import { describe, expect, test } from 'vitest';
import { defineCmdlet, defineEnum, defineType, netError } from '../../../../src/lab/evaluator/define.ts';
import type { Extension } from '../../../../src/lab/evaluator/host.ts';
import { enumValue, newObject } from '../../../../src/lab/evaluator/make.ts';
import { createRunspace } from '../../../../src/lab/evaluator/runspace.ts';
import type { TypeDefinition } from '../../../../src/lab/evaluator/type-definition.ts';
import type { Value } from '../../../../src/lab/evaluator/value.ts';
import { bareHooks, collect, runScript, runScripts } from './run-script.ts';

describe('a runspace', () => {
  test('functions and variables stay for later pipelines, and commands take typed arguments', async () => {
    const runspace = createRunspace({ hooks: bareHooks() });
    const first = collect();
    await runspace.run(
      [
        {
          text: 'function Add-It { param([int]$A, [int[]]$B, [switch]$Twice) $s = $A + ($B | Measure-Object -Sum).Sum; if ($Twice) { 2 * $s } else { $s } }; $g = 5',
          isScript: true,
        },
      ],
      first.sink,
    ).done;
    const second = collect();
    const end = await runspace.run(
      [
        {
          text: 'Add-It',
          isScript: false,
          parameters: [
            { name: 'A', value: 1 },
            { name: 'B', value: [2, 3] },
            { name: 'Twice', value: true },
          ],
        },
      ],
      second.sink,
    ).done;
    expect(end).toMatchObject({ kind: 'completed', hadErrors: false });
    expect(second.output).toEqual([{ kind: 'float', type: 'Double', value: 12 }]);
    expect(runspace.getVariable('g')).toBe(5);
  });

  test('input objects are piped into the first command, also asynchronously', async () => {
    const runspace = createRunspace({ hooks: bareHooks() });
    const { sink, output } = collect();
    const objects = async function* (): AsyncGenerator<Value> {
      for (const value of [1, 2, 3]) {
        await Promise.resolve();
        yield value;
      }
    };
    await runspace.run(
      [
        { text: 'process { $_ * 10 }', isScript: true },
        { text: 'Sort-Object', isScript: false, parameters: [{ name: 'Descending', value: true }] },
      ],
      sink,
      objects(),
    ).done;
    expect(output).toEqual([30, 20, 10]);
  });

  test('a script that reaches a limit of the lab is told with its place and what to do', async () => {
    const { sink } = collect();
    const runspace = createRunspace({ hooks: bareHooks(), limits: { steps: 1000 } });
    const text = 'function Spin {\n  while ($true) { $i++ }\n}\ntry { Spin } catch { }';
    const end = await runspace.run([{ text, isScript: true }], sink).done;
    expect(end).toMatchObject({ kind: 'failed', error: { id: 'LabStepLimit', invocation: { position: { line: 2 } } } });
    if (end.kind !== 'failed') return;
    expect(end.error.stack).toBe('at Spin, <No file>: line 2\nat <ScriptBlock>, <No file>: line 4');
    expect(end.error.exception.message).toBe(
      'The lab ends the script: it has taken 1,000 steps, so it may never end. Give its loop a limit of its own, or have it do less work.',
    );
  });

  test('stop ends an endless loop and runs its finally blocks', async () => {
    const runspace = createRunspace({ hooks: bareHooks() });
    const { sink, output } = collect();
    const running = runspace.run(
      [{ text: "try { 'begun'; while ($true) { $i++ } } finally { 'cleaned' }", isScript: true }],
      sink,
    );
    await new Promise((resolve) => setImmediate(resolve));
    await running.stop();
    expect(await running.done).toEqual({ kind: 'stopped', stack: 'at <ScriptBlock>, <No file>: line 1' });
    expect(output).toEqual(['begun', 'cleaned']);
  });

  test('kill abandons a script that is held, without its finally blocks', async () => {
    const hold = defineCmdlet({
      name: 'Wait-Forever',
      parameters: {},
      *process() {
        yield new Promise(() => undefined);
      },
    });
    const runspace = createRunspace({ hooks: bareHooks(), extensions: [{ cmdlets: [hold] }] });
    const { sink, output } = collect();
    const running = runspace.run(
      [{ text: "try { 'begun'; Wait-Forever } finally { 'cleaned' }", isScript: true }],
      sink,
    );
    await new Promise((resolve) => setImmediate(resolve));
    running.kill();
    expect(await running.done).toEqual({ kind: 'stopped' });
    expect(output).toEqual(['begun']);
  });

  test('exit gives its code, throw the error record with its place', async () => {
    expect((await runScript('exit 3')).end).toEqual({ kind: 'completed', hadErrors: false, exitCode: 3 });
    const { end } = await runScript("function Inner {\n  throw 'boom'\n}\nInner");
    if (end.kind !== 'failed') throw new Error('a failure was expected');
    expect(end.error.invocation?.position).toMatchObject({ line: 2, column: 3, text: "throw 'boom'" });
    expect(end.error.stack).toBe('at Inner, <No file>: line 2\nat <ScriptBlock>, <No file>: line 4');
  });

  test('waits are skipped and count on the simulated clock', async () => {
    const hooks = bareHooks();
    const { output } = await runScripts(
      ['$w = [Diagnostics.Stopwatch]::StartNew(); Start-Sleep -Seconds 90; [int]$w.Elapsed.TotalSeconds'],
      [],
      hooks,
    );
    expect(output).toEqual([90]);
    expect(hooks.skippedMs()).toBe(90_000);
  });
});

describe('what the lab does not know', () => {
  test('ends the script at once, past every catch, with the place', async () => {
    const { end, output } = await runScript("try { [System.Net.Dns]::GetHostName() } catch { 'caught' }");
    expect(output).toEqual([]);
    expect(end.kind === 'failed' && end.error.id).toBe('LabUnsupported');
    expect(end.kind === 'failed' && end.error.exception.message).toContain('script:1:');
  });

  test('a class that derives from a simulated type is refused by name', async () => {
    const { end } = await runScript('class A : System.Collections.ArrayList { }');
    expect(end.kind === 'failed' && end.error.exception.message).toContain(
      'a class that derives from [System.Collections.ArrayList]',
    );
  });
});

type Lamp = { isOn: boolean };

const state = defineEnum('Test.LampState', { Off: 0, On: 1 });
const lampType = defineType<Lamp>({
  name: 'Test.Lamp',
  properties: {
    State: { get: (lamp) => enumValue(state, lamp.isOn ? 'On' : 'Off') },
    IsOn: { get: (lamp) => lamp.isOn, set: (lamp, value) => void (lamp.isOn = value === true), type: 'bool' },
    Hours: { get: () => 1.5 },
  },
  methods: {
    Switch: (lamp) => {
      lamp.isOn = !lamp.isOn;
      return undefined;
    },
    Break: () => {
      throw netError('System.InvalidOperationException', 'broken', { hresult: 0x80070005 });
    },
  },
  toText: () => 'the lamp',
});

const lamps = (): Extension => ({
  types: [lampType as TypeDefinition],
  enums: [state],
  cmdlets: [
    defineCmdlet({
      name: 'Get-Lamp',
      aliases: ['glamp'],
      className: 'Test.GetLampCommand',
      parameters: {
        Name: { type: 'string[]', position: 0, pipeline: 'both', mandatory: true },
        Missing: { type: 'switch' },
      },
      *process(context, bound) {
        for (const name of bound.texts('Name')) {
          yield Promise.resolve();
          if (bound.flag('Missing'))
            context.writeError({ id: 'NoLamp', message: `no ${name}`, category: 'ObjectNotFound', target: name });
          else context.write(newObject(lampType, { isOn: false }));
        }
      },
    }),
  ],
  resolveProgram: (name) =>
    /^lamp(\.exe)?$/i.test(name)
      ? {
          path: 'C:\\lamp.exe',
          run: (args, context) => {
            for (const arg of args) context.writeLine(`<${arg}>`);
            return args.length;
          },
        }
      : undefined,
});

describe('extensions', () => {
  test('objects of simulated types have properties, methods, enum values and text', async () => {
    const { output } = await runScript(
      '$l = Get-Lamp a; $l.Switch(); $l.State; $l.State -eq \'On\'; $l.IsOn = 0; "$l $($l.State)"; $l.Hours.GetType().Name',
      [lamps()],
    );
    expect(output.slice(1)).toEqual([true, 'the lamp Off', 'Double']);
  });

  test('a failing method is a MethodInvocationException whose inner exception keeps its HResult and is caught by type', async () => {
    const { output } = await runScript(
      "try { (Get-Lamp a).Break() } catch [System.InvalidOperationException] { $_.FullyQualifiedErrorId; '{0:X8}' -f $_.Exception.HResult }",
      [lamps()],
    );
    expect(output).toEqual(['InvalidOperationException', '80070005']);
  });

  test('errors carry the cmdlet class, obey -ErrorAction and fill -ErrorVariable', async () => {
    const { output, errors } = await runScript(
      "'a','b' | glamp -Missing -ErrorVariable e; $e.Count; glamp c -Missing -ErrorAction SilentlyContinue; try { glamp d -Missing -EA Stop } catch { $_.FullyQualifiedErrorId; $_.CategoryInfo.Activity }",
      [lamps()],
    );
    expect(output).toEqual([2, 'NoLamp,Test.GetLampCommand', 'Get-Lamp']);
    expect(errors.map(({ target }) => target)).toEqual(['a', 'b']);
  });

  test('unknown parameters and missing mandatory ones are the errors of PowerShell', async () => {
    const { errors } = await runScript('Get-Lamp -Nonsense 1; Get-Lamp', [lamps()]);
    expect(errors.map(({ id }) => id)).toEqual([
      'NamedParameterNotFound,Test.GetLampCommand',
      'MissingMandatoryParameter,Test.GetLampCommand',
    ]);
  });

  test('native programs get their arguments as written and set the exit code', async () => {
    const { output } = await runScript('$x = "a b"; & lamp.exe /r $x -Flag:on 0x1F; $?; $LASTEXITCODE', [lamps()]);
    expect(output).toEqual(['</r>', '<a b>', '<-Flag:on>', '<0x1F>', false, 4]);
  });
});
