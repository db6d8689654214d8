import { describe, expect, test } from 'vitest';
import { createRunspace } from '../../../../src/lab/evaluator/runspace.ts';
import { bareHooks, collect, runScript } from './run-script.ts';

describe('the limits of a script', () => {
  test('too many steps and too deep recursion end with errors that say so', async () => {
    const runspace = createRunspace({ hooks: bareHooks(), limits: { steps: 5000 } });
    const end = await runspace.run([{ text: '$i = 0; while ($true) { $i++ }', isScript: true }], collect().sink).done;
    expect(end.kind === 'failed' && end.error.id).toBe('LabStepLimit');
    const deep = await runScript('function Again { Again }; try { Again } catch { $_.FullyQualifiedErrorId }');
    expect(deep.output).toEqual(['CallDepthOverflow']);
  });

  test('a script that holds too much ends, and one operation may not ask for too much at once', async () => {
    const runspace = createRunspace({ hooks: bareHooks(), limits: { memoryBytes: 64 * 1024 * 1024 } });
    const hoard = '$all = @(); while ($true) { $all += ,(1..5000) }';
    const { sink, output } = collect();
    const end = await runspace.run(
      [{ text: `try { ${hoard} } finally { $all = $null; 'freed' }`, isScript: true }],
      sink,
    ).done;
    expect([end.kind === 'failed' && end.error.id, output]).toEqual(['LabMemoryLimit', ['freed']]);
    const greedy = [
      "'ab' * 1GB",
      '1..2000000000',
      '[int[]]::new(2GB - 1)',
      "'a'.PadLeft(2GB - 1)",
      "[string]::new('a', 2GB - 1)",
      '@(1) * 1GB',
      "[Text.StringBuilder]::new().Append('a', 2GB - 1)",
    ];
    for (const each of greedy) {
      const { end: ended, output: made } = await runScript(`try { $null = ${each}; 'made' } catch { 'caught' }`);
      expect([ended.kind === 'failed' && ended.error.id, made], each).toEqual(['LabMemoryLimit', []]);
    }
  });

  test('a text that grows beyond what can be held ends at a limit, not as a fault of the lab', async () => {
    const growing = [
      "$s = 'a'; while ($true) { $s += $s }",
      '$s = \'a\'; while ($true) { $s = "$s$s" }',
      "'{0,2000000000}' -f 1",
    ];
    for (const each of growing) {
      const { end } = await runScript(`try { ${each} } catch { 'caught' }`);
      expect(end.kind === 'failed' && [end.error.id, end.error.exception.message], each).toEqual([
        'LabMemoryLimit',
        'The lab ends the script: one text, array or buffer of it is larger than the lab can hold.',
      ]);
    }
  });

  test('a recursion that never comes back to a statement is too deep, whichever way it goes', async () => {
    const endless = [
      'function Again { 1 | Where-Object { Again } }; Again',
      'function Again { 1 | ForEach-Object { Again } }; Again',
      'class R { R() { [R]::new() } }; $null = [R]::new()',
    ];
    for (const each of endless) {
      const { errors } = await runScript(each);
      expect(errors[0]?.id, each).toBe('CallDepthOverflow');
      const { output } = await runScript(`try { ${each} } catch { $_.FullyQualifiedErrorId }`);
      expect(output, each).toEqual([expect.stringMatching(/^CallDepthOverflow/)]);
    }
  });
});
