import { KnownNames } from '../../../src/remote/protocol/clixml/known-names.ts';
import { parseClixml } from '../../../src/remote/protocol/clixml/parse-clixml.ts';
import { type PsValue, psList } from '../../../src/remote/protocol/clixml/values.ts';
import { writeClixml } from '../../../src/remote/protocol/clixml/write-clixml.ts';
import { logFiles, longPlainStrings, manySmallObjects, selectedProcess, smallObject } from '../samples.ts';
import type { Figure, Section } from '../section.ts';
import { throughput, timeOf } from '../throughput.ts';

const aim = { atLeast: 150 } as const;

/** The text as it comes from the wire: in one piece. */
const received = (value: PsValue): string => Buffer.from(writeClixml(value), 'utf8').toString('utf8');

/** Documents, and values that come one in a message each. */
const documents: readonly (readonly [string, readonly PsValue[]])[] = [
  ['many small objects, a list of 5,000', [manySmallObjects(5000)]],
  ['many small objects, 5,000 messages', Array.from({ length: 5000 }, (_, turn) => smallObject(turn))],
  ['long strings, log files of 170 kB', [logFiles(20, 2000)]],
  ['long strings, nothing to unescape', [longPlainStrings(10, 400_000)]],
  ['Select-Object results, 500 messages', Array.from({ length: 500 }, (_, turn) => selectedProcess(turn))],
  ['Select-Object results, a list of 500', [psList(Array.from({ length: 500 }, (_, turn) => selectedProcess(turn)))]],
];

/** Makes one string of the pieces that a long text may be kept in: otherwise whoever reads it first pays. */
function settle(value: PsValue): void {
  if (typeof value === 'string') value.charCodeAt(0);
  else if (value !== null && typeof value === 'object' && 'base' in value && value.base?.kind === 'list')
    value.base.items.forEach(settle);
}

function* figures(): Iterable<Figure> {
  for (const [name, values] of documents) {
    const texts = values.map(received);
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    const names = new KnownNames();
    yield throughput(`read: ${name}`, bytes, () => texts.forEach((text) => settle(parseClixml(text, { names }))), aim);
    yield throughput(`write: ${name}`, bytes, () => values.forEach((value) => writeClixml(value).charCodeAt(0)));
  }
  const times = [4000, 8000, 16_000].map((count) => {
    const text = received(manySmallObjects(count));
    return timeOf(() => parseClixml(text)).bestMs;
  });
  yield {
    name: 'read: four times the text takes so many times as long',
    value: (times[2] ?? 0) / (times[0] ?? 1),
    unit: 'times',
    detail: `4,000, 8,000, 16,000 objects: ${times.map((ms) => ms.toFixed(1)).join(', ')} ms`,
  };
  const deep = '<Obj RefId="0"><LST>'.repeat(100_000);
  const unknown = `<Obj RefId="0"><MS>${'<x>'.repeat(100_000)}${'</x>'.repeat(100_000)}</MS></Obj>`;
  const refuse = (): void => {
    try {
      parseClixml(deep);
    } catch {
      return;
    }
    throw new Error('100,000 nested objects were not refused');
  };
  yield { name: 'refuse: 100,000 nested objects', value: timeOf(refuse).bestMs, unit: 'ms' };
  yield {
    name: 'pass over: 100,000 nested unknown elements',
    value: timeOf(() => parseClixml(unknown)).bestMs,
    unit: 'ms',
  };
}

export const section: Section = { title: 'reading and writing CLIXML, per second of one core', figures };
