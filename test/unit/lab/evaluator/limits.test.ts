import { describe, expect, test } from 'vitest';
import { createRunspace } from '../../../../src/lab/evaluator/runspace.ts';
import type { Value } from '../../../../src/lab/evaluator/value.ts';
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
      expect(end.kind === 'failed' && end.error.id, each).toBe('LabMemoryLimit');
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
      expect(errors[0]?.id, each).toMatch(/^CallDepthOverflow/);
      const { output } = await runScript(`try { ${each} } catch { $_.FullyQualifiedErrorId }`);
      expect(output, each).toEqual([expect.stringMatching(/^CallDepthOverflow/)]);
    }
  });

  test.each([
    ["('a' * 41 + '!') -match '^(a+)+$'", 'LabStepLimit'],
    ["[regex]::Replace('a' * 41 + '!', '(a|a)+$', 'x')", 'LabStepLimit'],
    ["('ab' * 3000) -match 'a.*b.*a.*c'", 'LabStepLimit'],
    ["[scriptblock]::Create('$x = 1;' * 200000)", 'LabStepLimit'],
    ['$a = ,1; foreach ($i in 1..24) { $a = @($a, $a) }; ConvertTo-Json $a -Depth 100', 'LabStepLimit'],
    ['$a = 1..2000000; "$a"', 'LabStepLimit'],
    ['[string[]](1..2000000)', 'LabStepLimit'],
    ["[scriptblock]::Create('# a' + ([string][char]10) * 8000000)", 'LabStepLimit'],
    ["[xml]('<r>' + '<a b=\"1\">t</a>' * 100000 + '</r>')", 'LabStepLimit'],
    ["'ab' * 5MB", 'LabMemoryLimit'],
    ["[Text.StringBuilder]::new('ab' * 2MB).Replace('a', 'b')", 'LabStepLimit'],
    ["$a = @('abc') * 1200000; $a -lt 'b'", 'LabStepLimit'],
    ["$a = 1..3500000; $a -contains 'b'", 'LabStepLimit'],
    ["$a = @('abc') * 2800000; $a -match 'x'", 'LabStepLimit'],
    ['[long[]](1..1000000)', 'LabStepLimit'],
    ['$a = 1..1400000; "$a"', 'LabStepLimit'],
    ['ConvertTo-Json (1..1200000)', 'LabStepLimit'],
    ["ConvertFrom-Json ('[' + '1,' * 700000 + '1]')", 'LabStepLimit'],
    ["[xml]('<r>' + '<a b=\"1\">t</a>' * 90000 + '</r>')", 'LabStepLimit'],
    ['$h = @{}; foreach ($i in 1..300000) { $h[$i] = 1 }; $h + $h.Clone()', 'LabStepLimit'],
    ["$s = 'abc'; while ($true) { $s = $s, $s -join ',' }", 'LabMemoryLimit'],
    ['$all = @(); foreach ($i in 1..3) { $all += ,(1..20000000) }', 'LabMemoryLimit'],
  ])('one operation does not keep the process busy: %s', async (script, id) => {
    const { end, output } = await runScript(
      `try { $null = ${script.includes(';') ? `$(${script})` : script}; 'made' } catch { 'caught' }`,
    );
    expect([end.kind === 'failed' && end.error.id, output]).toEqual([id, []]);
  });

  test.each([
    ['(1..2100000).Count', 2_100_000],
    ['(New-Object byte[] 64MB).Length', 64 * 1024 * 1024],
    ["('ab' * 4MB).ToUpper().Length", 8 * 1024 * 1024],
    ["('ab' * 4MB) -eq 'c'", false],
    ["('ab' * 4MB).IndexOf('c')", -1],
    ["$a = @('abc') * 500000; ($a -eq 'd').Count", 0],
    ['[int[]](1..1000000) | Select-Object -First 1', 1],
    ["('ab,' * 100000).Replace('a', 'cc').Length", 400_000],
    ["(('ab,' * 300000) -replace 'a', 'cc').Length", 1_200_000],
    ["('ab,' * 300000).Split(',').Count", 300_001],
    ["(-split ('ab ' * 300000)).Count", 300_000],
    ["(('ab,' * 300000) -split ',').Count", 300_001],
    ["('ab' * 200000).ToCharArray().Count", 400_000],
    ['((1..1000000) -join ",").Length', 6_888_895],
    ['$b = [byte[]]::new(30000000); foreach ($i in $b) { break }; $b.Length', 30_000_000],
    ['$h = @{}; foreach ($i in 1..250000) { $h[$i] = 1 }; $h.Clone().Count', 250_000],
    ['$a = 300000..1; [array]::Sort($a); $a[0]', 1],
    ['(300000..1 | Sort-Object -Unique).Count', 300_000],
  ])('what Windows does without a thought is not refused: %s', async (script, expected) => {
    const { output, end } = await runScript(script);
    expect([end.kind === 'failed' && end.error.id, output]).toEqual([false, [expected]]);
  });

  test('a stop is heard in the middle of one operation on many things', async () => {
    for (const script of [
      '$a -join ","',
      '$a = 1..3000000',
      "$s -replace 'a', 'cc'",
      "$s.Split(',')",
      '$s.ToCharArray()',
      '[array]::Sort($a)',
      "$s.Replace('a', 'cc')",
    ]) {
      const runspace = createRunspace({ hooks: bareHooks(), limits: { sliceMs: 0 } });
      const text = `$a = 30000..1; $s = 'ab,' * 20000; 'made'; ${script} | Out-Null; 'ran to its end'`;
      const output: Value[] = [];
      const running = runspace.run([{ text, isScript: true }], {
        ...collect().sink,
        output: (value) => {
          output.push(value);
          // The pauses of what came before are over: the next one is the operation's.
          setImmediate(() => void running.stop());
        },
      });
      expect([(await running.done).kind, output], script).toEqual(['stopped', ['made']]);
    }
  });

  test('a range in foreach or at the head of a pipeline is never held, however long it is', async () => {
    const { output, end } = await runScript(
      'foreach ($i in 1..2000000000) { if ($i -gt 2) { break }; $i }; 5..-2000000000 | Select-Object -First 2; foreach ($i in 1..3) { if ($i -eq 1) { [void]$foreach.MoveNext(); $foreach.Current } else { $i } }',
    );
    expect([end.kind, output]).toEqual(['completed', [1, 2, 5, 4, 2, 3]]);
  });

  test('a stop is heard while the groups of many objects are put in order and while both sides of a comparison wait', async () => {
    for (const script of ['Compare-Object (1..100000) (200000..300000)', '300000..1 | Group-Object { $_ % 3000 }']) {
      const runspace = createRunspace({ hooks: bareHooks(), limits: { sliceMs: 0 } });
      const { sink, output } = collect();
      const running = runspace.run([{ text: `${script} | Out-Null; 'ran to its end'`, isScript: true }], sink);
      setImmediate(() => void running.stop());
      expect([(await running.done).kind, output], script).toEqual(['stopped', []]);
    }
  });

  test('Compare-Object looks for a counterpart as far as its window goes, in the order of the objects', async () => {
    const sides = "| ForEach-Object { '{0}{1}' -f $_.InputObject, $_.SideIndicator }";
    const { output } = await runScript(`(Compare-Object 1, 2, 3 2, 3, 1 -SyncWindow 0 ${sides}) -join ' '
      (Compare-Object 1, 2, 3, 4 1, 3, 2, 4 -SyncWindow 1 ${sides}) -join ' '
      (Compare-Object 1, 2, 3, 4, 5 3, 9, 1, 5, 5, 7 -SyncWindow 2 -IncludeEqual ${sides}) -join ' '
      (Compare-Object a, b, c, d d, x, b, y, a -IncludeEqual ${sides}) -join ' '
      try { Compare-Object 1 2 -SyncWindow -1 } catch { $_.FullyQualifiedErrorId }`);
    expect(output).toEqual([
      '2=> 1<= 3=> 2<= 1=> 3<=',
      '',
      '1== 3== 5== 9=> 5=> 7=> 2<= 4<=',
      'b== d== a== x=> y=> c<=',
      'ParameterArgumentValidationError,Microsoft.PowerShell.Commands.CompareObjectCommand',
    ]);
  });

  test('what built-in operations do counts as steps', async () => {
    const scripts = [
      '1..50000 | Out-Null',
      '1..50000 | Measure-Object',
      'while ($true) { $b = $a.Clone() }',
      'while ($true) { $b = $s.ToUpper() }',
      'while ($true) { $b = $s.ToCharArray() }',
      'while ($true) { $b = $a -eq 5 }',
    ];
    for (const script of scripts) {
      // Far more than the statements alone would take.
      const runspace = createRunspace({ hooks: bareHooks(), limits: { steps: 10_000 } });
      const text = `$a = 1..20000; $s = 'x' * 20000; $i = 0; try { ${script.replace('{ ', '{ if ($i++ -gt 1000) { break }; ')} } finally { $i }`;
      const { sink } = collect();
      const end = await runspace.run([{ text, isScript: true }], sink).done;
      expect(end.kind === 'failed' && end.error.id, script).toBe('LabStepLimit');
    }
  });

  test('a stop is heard while much is sorted, grouped and measured', async () => {
    for (const script of [
      '1..300000 | Sort-Object -Descending',
      '1..300000 | Group-Object',
      '1..2000000 | Measure-Object',
    ]) {
      const runspace = createRunspace({ hooks: bareHooks() });
      const { sink, output } = collect();
      const running = runspace.run([{ text: `${script} | Out-Null; 'ran to its end'`, isScript: true }], sink);
      setImmediate(() => void running.stop());
      expect([(await running.done).kind, output], script).toEqual(['stopped', []]);
    }
  });

  test('a fault of the lab does not show where its files lie', async () => {
    const wallClockMs = (): number => {
      throw new TypeError('the clock is broken');
    };
    const runspace = createRunspace({ hooks: { ...bareHooks(), wallClockMs } });
    const end = await runspace.run([{ text: 'Get-Date', isScript: true }], collect().sink).done;
    expect(end.kind === 'failed' && end.error.id).toBe('LabFault');
    const message = end.kind === 'failed' ? end.error.exception.message : '';
    expect(message).toMatch(/^The lab itself failed: TypeError: the clock is broken/);
    expect(message).not.toContain(process.cwd());
  });
});
