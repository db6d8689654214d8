import { expect, test } from 'vitest';
import { checkDocument } from '../../../../src/input/document/check-document.ts';
import type { InputFault } from '../../../../src/input/document/fault.ts';
import { readDocument } from '../../../../src/input/document/read-document.ts';
import { badInput, formatFaults } from '../../../../src/input/document/report-faults.ts';
import { expectedText, type SchemaPart } from '../../../../src/input/document/schema-words.ts';
import { readSchema, type SchemaName } from '../../../../src/input/document/schemas.ts';

function faultsOf(text: string, schema: SchemaName): readonly InputFault[] {
  const read = readDocument(text, 'x.yaml');
  if (!read.ok) throw new Error(formatFaults(read.faults));
  const checked = checkDocument(read.value, schema);
  return checked.ok ? [] : checked.faults;
}

const wrong = [
  'kintsugi: play',
  'titel: { en: x }',
  'handles: [0x80070002, "0x1"]',
  'goal: {}',
  'stages: []',
  'protect: { level: L3, systemProtectionOff: shadowcopy }',
  'rollback: { after: [failure, failure] }',
  'parameters: { "1st": { type: integer } }',
  'evidence: cbs-log',
].join('\n');

test('every fault is told at once, with line, column, what was expected and what was probably meant', () => {
  expect(formatFaults(faultsOf(wrong, 'playbook'))).toMatchInlineSnapshot(`
    "x.yaml:1:1: the key \`title\` is missing
         1 | kintsugi: play
           | ^
      expected: title: { en: Clock, ja: "時刻" } (What goes wrong, as the reader of an error message would put it.)
    x.yaml:1:11: \`play\` is not allowed here
         1 | kintsugi: play
           |           ^
      expected: playbook/v1
    x.yaml:2:1: unknown key \`titel\`
         2 | titel: { en: x }
           | ^
      expected: one of kintsugi, title, description, handles, targets, parameters, goal, preflight, protect, stages, waitFor, rollback, evidence
      did you mean \`title\`?
    x.yaml:3:11: expected a text, got a number
         3 | handles: [0x80070002, "0x1"]
           |           ^
      expected: An error code in quotes, as "0x80070002"
      put it in quotes: "0x80070002"
    x.yaml:4:1: the key \`uses\` is missing
         4 | goal: {}
           | ^
      expected: uses: windows-update/reset-cache (The folder of the action below \`actions/\`: area and name.)
    x.yaml:5:1: this is empty
         5 | stages: []
           | ^
      expected: at least one: Steps that belong together, tried in this order until the goal holds. Left out, the playbook only looks: it changes nothing, and ends \`unchanged\` where the goal holds, else \`not-cured\` with what was found.
    x.yaml:6:44: \`shadowcopy\` is not allowed here
         6 | protect: { level: L3, systemProtectionOff: shadowcopy }
           |                                            ^
      expected: enable, shadow-copy, block
      did you mean \`shadow-copy\`?
    x.yaml:7:30: \`failure\` is there twice
         7 | rollback: { after: [failure, failure] }
           |                              ^
      expected: each once
    x.yaml:8:15: \`1st\` does not have the right form for a name
         8 | parameters: { "1st": { type: integer } }
           |               ^
      expected: The name of a parameter, as minFreeGB
    x.yaml:9:11: expected a list, got a text
         9 | evidence: cbs-log
           |           ^
      expected: Evidence, as [update-history, cbs-log]
    10 faults; more may follow when mended"
  `);
});

test('the failure that carries faults ends a command with exit code 2 and gives them to --json', () => {
  const failure = badInput(faultsOf(wrong, 'playbook'));
  expect(failure.code).toBe('bad-input');
  expect(failure.facts['faults']).toHaveLength(10);
  expect(JSON.parse(JSON.stringify(failure.facts))).toEqual(failure.facts);
});

test('a text with a comma in braces is explained', () => {
  const faults = faultsOf(
    'kintsugi: action/v1\ntitle: { en: one, two of it }\nduration: { typical: 1s, longest: 2s }\n',
    'action',
  );
  expect(faults[0]).toMatchObject({ line: 2, column: 19, suggestion: 'a text with a comma needs quotes here' });
});

test('a long offending line is shown around the fault, and control characters never reach the terminal', () => {
  const fault = { file: 'x', line: 1, column: 301, path: '', message: 'm', expected: null, suggestion: null };
  const lines = formatFaults([{ ...fault, text: `${'a'.repeat(300)}!\u001b[31m${'b'.repeat(300)}` }]).split('\n');
  expect(lines[1]).toContain('!\ufffd[31m');
  expect(lines[1]?.length).toBeLessThan(180);
  expect(lines[2]?.indexOf('^')).toBe(lines[1]?.indexOf('!'));
});

test('the caret stands below the fault after Japanese letters, which take two columns', () => {
  const text = formatFaults(
    faultsOf(
      'kintsugi: action/v1\ntitle: { en: x, ja: 時刻, jp: y }\nduration: { typical: 1s, longest: 2s }\n',
      'action',
    ),
  );
  expect(text).toContain(`  ${'   2'} | title: { en: x, ja: 時刻, jp: y }\n       | ${' '.repeat(26)}^`);
});

test.each(['playbook', 'action', 'inventory', 'config', 'aliases', 'words', 'plan'] as const)(
  'every part of the %s schema has a title and a description',
  (name) => {
    const bare: string[] = [];
    const visit = (part: unknown, path: string): void => {
      if (typeof part !== 'object' || part === null) return;
      const schema = part as Record<string, unknown>;
      const described = 'description' in schema || '$ref' in schema;
      const titled = 'title' in schema || '$ref' in schema;
      if ((!described || !titled) && Object.keys(schema).length > 0) bare.push(path);
      for (const key of ['properties', '$defs']) {
        for (const [child, each] of Object.entries((schema[key] ?? {}) as object))
          visit(each, `${path}/${key}/${child}`);
      }
      for (const key of ['items', 'additionalProperties', 'propertyNames']) visit(schema[key], `${path}/${key}`);
    };
    visit(readSchema(name), name);
    expect(bare).toEqual([]);
  },
);

test.each([
  ['action/v1', 'this file is `action/v1`', null],
  ['playbook/v2', 'this file is of version 2 of its format', 'take a newer Kintsugi'],
])('a file of another format (%s) has one fault', (format, message, suggestion) => {
  expect(faultsOf(`kintsugi: ${format}\nfoo: 1\nbar: 2\n`, 'playbook')).toMatchObject([
    { line: 1, column: 11, message, suggestion },
  ]);
});

test('of very many faults the first are shown and all are counted', () => {
  const keys = Array.from({ length: 300 }, (_, index) => `key${index}: 1`).join('\n');
  const text = formatFaults(faultsOf(keys, 'playbook'));
  expect(text.split('\n').at(-1)).toBe('303 faults; the first 50 are shown');
});

test('what only a schema would say so is told in plain words: keys of which one is enough, limits, names, long lists of kinds', () => {
  const text = [
    'kintsugi: lab/v1',
    'hosts:',
    '  pc_02: { base: windows-11-24h2 }',
    '  pc01:',
    '    base: windows-11-24h2',
    '    faults: [{ kind: service-stoped, name: a }, { kind: disk-low, freeGB: 0 }, { kind: driver-bad, problem: 99 }]',
    '    disturbances: [{ kind: restart, at: { change: 3, request: 2 } }, { kind: restart, at: {} }]',
  ];
  expect(faultsOf(text.join('\n'), 'lab').map(({ message, expected }) => [message, expected])).toEqual([
    ['`pc_02` does not have the right form for a name', 'A name of letters, digits and -'],
    [
      '`service-stoped` is not allowed here',
      expect.stringMatching(/^one of \d+ kinds \(docs\/lab-faults.md lists them\)$/),
    ],
    ['`0` is too small', 'more than 0'],
    ['`99` is too large', 'at most 60'],
    ['change and request are given at once', 'exactly one of change, request, minutes'],
    ['this is empty', 'one of change, request, minutes'],
  ]);
  const test = (name: string) =>
    `kintsugi: playbook-test/v1\ncases: [{ name: ${name}, hosts: { h: { base: windows-11-24h2 } } }]`;
  expect(faultsOf(test('""'), 'playbook-test')).toMatchObject([{ message: 'this is empty' }]);
  expect(faultsOf(test('a'.repeat(201)), 'playbook-test')).toMatchObject([
    { message: 'this has 201 characters', expected: 'at most 200' },
  ]);
});

test.each(['playbook', 'playbook-test', 'action', 'inventory', 'config', 'lab', 'words'] as const)(
  'what is expected of a list or a map of the format %s shows an example or what it may hold',
  (name) => {
    const partsOf = (value: unknown): readonly SchemaPart[] =>
      typeof value !== 'object' || value === null
        ? []
        : [
            ...('title' in value && 'type' in value ? [value as SchemaPart] : []),
            ...Object.values(value).flatMap(partsOf),
          ];
    const { properties, $defs } = readSchema(name);
    const bare = partsOf([properties, $defs]).flatMap((part) => {
      const isWhole = ['object', 'array'].includes(String((part as { type?: unknown }).type));
      return isWhole && expectedText(part) === part.title ? [part.title] : [];
    });
    expect(bare).toEqual([]);
  },
);

test('a moment and the causes of a rollback are shown where something else stands', () => {
  const lab = 'kintsugi: lab/v1\nhosts: { pc: { base: windows-11-24h2, disturbances: [{ kind: restart, at: 9 }] } }';
  expect(faultsOf(lab, 'lab')).toMatchObject([{ expected: 'A moment, as { request: 9 }' }]);
  const playbook = `kintsugi: playbook/v1\ntitle: { en: A }\ngoal: { uses: a/b }\nrollback: { after: failure }
stages: [{ title: { en: A }, steps: [{ uses: a/b }] }]`;
  const causes = 'failure, cancel, window-closing, goal-not-reached';
  expect(faultsOf(playbook, 'playbook')).toMatchObject([
    { expected: `What makes a rollback follow: a list of ${causes}` },
  ]);
});
