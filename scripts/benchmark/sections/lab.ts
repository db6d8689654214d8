import { createRunspace } from '../../../src/lab/evaluator/runspace.ts';
import { silentSink } from '../../../src/lab/evaluator/streams.ts';
import { parseScript } from '../../../src/powershell/parse-script.ts';
import { loadHostKitText } from '../../../src/remote/powershell/host-kit-text.ts';
import { bareHooks } from '../../../test/unit/lab/evaluator/run-script.ts';
import type { Figure, Section } from '../section.ts';
import { throughput } from '../throughput.ts';

const turns = 100_000;
const rounds = 7;
/** Statements that are run in each turn of a loop, by name. */
const loops: readonly (readonly [name: string, before: string, statements: readonly string[], aim?: Figure['aim']])[] =
  [
    ['integer additions', '$a = 0; $b = 1', ['$a = $a + 3', '$b = $a + 1', '$a = $b - 2', '$b += 1'], { atLeast: 1 }],
    ['calls of a function', 'function Add($x, $y) { $x + $y }; $a = 0', ['$a = Add $a 1']],
    ['objects through a pipeline', '$a = 0', ['$a = 1 | ForEach-Object { $_ + $a }']],
  ];

async function* figures(): AsyncIterable<Figure> {
  for (const [name, before, statements, aim] of loops) {
    const text = `${before}; for ($i = 0; $i -lt ${turns}; $i++) { ${statements.join('; ')} }`;
    const runspace = createRunspace({ hooks: bareHooks() });
    const rates: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const { user, system } = process.threadCpuUsage();
      const end = await runspace.run([{ text, isScript: true }], silentSink).done;
      if (end.kind !== 'completed') throw new Error(`${name}: the script did not complete`);
      const spent = process.threadCpuUsage({ user, system });
      rates.push((turns * statements.length) / (spent.user + spent.system));
    }
    rates.sort((a, b) => b - a);
    const detail = `median ${(rates[rounds >> 1] ?? Number.NaN).toFixed(2)}`;
    const value = rates[0] ?? Number.NaN;
    yield { name, value, unit: 'million statements/s', detail, ...(aim === undefined ? {} : { aim }) };
  }
  const { text } = await loadHostKitText();
  yield throughput('parse: the host kit', Buffer.byteLength(text), () => parseScript(text), { atLeast: 2 });
}

export const section: Section = { title: 'the PowerShell of the lab, on one core', figures };
