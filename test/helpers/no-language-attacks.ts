import type { PsInput } from '../../src/remote/powershell/remote-shell.ts';
import { because, type Call } from './client-made-calls.ts';
import {
  command,
  door,
  everyValue,
  heldRun,
  reading,
  readingOnly,
  readingTouched,
  refused,
  told,
} from './no-language.ts';
import { touchAttacks } from './touch-attacks.ts';

const head = '0'.repeat(64);
const claim = { Token: 1, JournalHead: head };
const applying = (more: Readonly<Record<string, PsInput>>): PsInput => ({
  ...(reading({}) as object),
  ...claim,
  Kind: 'apply',
  Attempt: 1,
  Interruptible: false,
  ...more,
});

/** Parameters that write variables, and texts and tables that a door has no use for. */
const keys: readonly Call[] = [
  ...['OutVariable', 'ErrorVariable', 'PipelineVariable', 'OutV', 'Verbose'].flatMap((key): readonly Call[] => [
    [
      `${key} for a door without keys`,
      door('clock', { [key]: 'KtState' }),
      because(`'clock' takes no '${key}'; it takes nothing`),
    ],
    [
      `${key} for a door with keys`,
      door('undo', { ...claim, Step: '', [key]: 'KtState' }),
      because(`'undo' takes no '${key}'`),
    ],
    [`${key} for a script`, door('read', reading({ [key]: 'KtState' })), because(`declares no parameter '${key}'`)],
  ]),
  // PowerShell itself refuses these where its client has no language
  ...['OutVariable', 'ErrorVariable', 'PipelineVariable', 'WarningVariable', 'OutV', 'ov', 'ev', 'pv', 'wv', 'iv'].map(
    (key): Call => [
      `${key} of a visible command`,
      command('Invoke-KtModuleDoor', { Name: 'clock', [key]: 'KtState' }),
      refused('VariableReferenceNotSupportedInDataSection'),
    ],
  ),
  ['a text beside the hash', door('read', reading({}, { Text: '"evil"' })), because("'read' takes no 'Text'")],
  [
    'records for an undo',
    door('undo', { ...claim, Step: '', Records: [{ kind: 'before' }] }),
    because("'undo' takes no 'Records'"),
  ],
  ['a capture for an undo', door('undo', { ...claim, Step: '', Before: {} }), because("'undo' takes no 'Before'")],
  ['another run for the ledger', door('ledger', { Run: '../../x' }), because("'ledger' takes no 'Run'")],
  ['another owner of a task', door('endTask', { Task: 'x', Folder: 'C:\\' }), because("'endTask' takes no 'Folder'")],
  ['a door with a character that cultures ignore', door('re\u00adad', reading({})), told(/"fqid":"KtNoDoor"/)],
  [
    'a key with a character that cultures ignore',
    door('read', reading({}, { 'Te\u00adxt': '' })),
    because("'read' takes no"),
  ],
  ['an inner command as a door', door('Undo-KtChange', {}), told(/"fqid":"KtNoDoor"/)],
  ['a key left out', door('undo', { Token: 1, JournalHead: head }), because("'undo' was not given 'Step'")],
];

/** Values that would become parts of paths, ids, command lines or records. */
const values: readonly Call[] = [
  [
    'the first part of a run',
    command('Open-KtSession', { Run: heldRun.slice(0, 8), HostName: 'h' }),
    refused('ParameterArgumentValidationError'),
  ],
  [
    'a run with a line feed',
    command('Open-KtSession', { Run: `${heldRun}\n`, HostName: 'h' }),
    refused('ParameterArgumentValidationError'),
  ],
  ['a step that leaves', door('undo', { ...claim, Step: '..\\..\\x' }), because("'undo', 'Step'")],
  ['a step of the kit itself', door('undo', { ...claim, Step: '(protect)' }), because("'undo', 'Step'")],
  [
    'a step that is a list',
    door('undo', { ...claim, Step: ['a'] }),
    because("'undo', 'Step': expected a value of type string"),
  ],
  ['a step with a stream', door('apply', applying({ Step: 'a:b' })), because("'apply', 'Step'")],
  [
    'a journal head that is a record',
    door('claim', { Owner: 'o', JournalHead: '","data":{' }),
    because("'claim', 'JournalHead'"),
  ],
  ['an owner with quotes', door('claim', { Owner: '"}', JournalHead: head }), because("'claim', 'Owner'")],
  ['a text as token', door('release', { ...claim, Token: '1', End: 'repaired' }), because("'release', 'Token'")],
  ['an end that is none', door('release', { ...claim, End: 'x"}' }), because("'release', 'End'")],
  ['a broken number', door('former', { Seq: 1.5 }), because("'former', 'Seq'")],
  [
    'a level that is none',
    door('protect', { ...claim, Level: 'L9', SystemProtectionOff: 'block', Description: 'd' }),
    because("'protect', 'Level'"),
  ],
  [
    'a description with a quote',
    door('protect', { ...claim, Level: 'L3', SystemProtectionOff: 'block', Description: "d'; x" }),
    because("'protect', 'Description'"),
  ],
  [
    'a wildcard for a protection',
    door('protection', { Method: 'shadow-copy', Id: '*' }),
    because("'protection', 'Id'"),
  ],
  ['a delay of years', door('reboot', { ...claim, DelayMs: 1e12 }), because("'reboot', 'DelayMs'")],
  ['a path as evidence', door('evidence', { Kind: ['C:\\x'], MaxBytes: 1000 }), because("'evidence', 'Kind'")],
  [
    'a task that leaves',
    door('poll', { Task: `Kintsugi-${heldRun}-\\..\\..-1`, WaitMs: 0 }),
    because("'poll', 'Task'"),
  ],
  ['a task with a stream', door('poll', { Task: `Kintsugi-${heldRun}-a:b-1`, WaitMs: 0 }), because("'poll', 'Task'")],
  ['a task with a wildcard', door('poll', { Task: `Kintsugi-${heldRun}-*-1`, WaitMs: 0 }), because("'poll', 'Task'")],
  [
    "another run's task",
    door('poll', { Task: 'Kintsugi-20261121-0138-bbbbbb-a-apply-1-1', WaitMs: 0 }),
    because("one of this session's run"),
  ],
  [
    "this run's dead-man task",
    door('poll', { Task: `Kintsugi-${heldRun}-deadman-services`, WaitMs: 0 }),
    because("'poll', 'Task'"),
  ],
  [
    'ending a task that changes something',
    door('endTask', { Task: `Kintsugi-${heldRun}-a-apply-1-1` }),
    because("'endTask', 'Task'"),
  ],
];

/** Scripts that the module holds, used as they are not declared. */
const uses: readonly Call[] = [
  ['a kind that ends like a script', door('read', reading({}, { Kind: 'b/verify' })), because("'read', 'Kind'")],
  ['applying through the door that reads', door('read', reading({}, { Kind: 'apply' })), because("'read', 'Kind'")],
  ['reading through the door that applies', door('apply', applying({ Kind: 'verify' })), because("'apply', 'Kind'")],
  [
    'another lane',
    door('read', reading({}, { Lane: 'system' })),
    because('a/b runs verify in the lane inline, not in system'),
  ],
  ['a longer duration', door('read', reading({}, { LongestMs: 60_001 })), because('a/b may take 60000 ms')],
  ['a text for a list', door('read', reading({ Names: 'x' })), because("'Names': expected a value of type array")],
  [
    'an item against its pattern',
    door('read', reading({ Names: ['x', '%PATH%'] })),
    because("'Names': each item: expected a text that matches"),
  ],
  [
    'an item of another type',
    door('read', reading({ Names: [{ a: 1 }] })),
    because("'Names': each item: expected a value of type string"),
  ],
  ['a number below its minimum', door('read', reading({ Count: 0 })), because("'Count': expected a number from 1")],
  ['a number above its maximum', door('read', reading({ Count: 10 })), because("'Count': expected a number up to 9")],
  [
    'a broken number for a whole one',
    door('read', reading({ Count: 1.5 })),
    because("'Count': expected a value of type integer"),
  ],
  ['a text for a number', door('read', reading({ Ratio: '1' })), because("'Ratio'")],
  [
    'a number that is none',
    door('read', reading({ Ratio: Number.NaN })),
    because("'Ratio': expected a value of type number"),
  ],
  ['a number for a switch', door('read', reading({ Sure: 1 })), because("'Sure'")],
  [
    'a word in other letters than in its list',
    door('read', reading({ Mode: 'two' })),
    because("'Mode': expected one of"),
  ],
  ['digits and a line feed', door('read', reading({ Code: '12\n' })), because("'Code': expected a text that matches")],
  ['digits of another script', door('read', reading({ Code: '\u0661' })), because("'Code'")],
  ['a list for a table', door('read', reading({ Table: [] })), because("'Table'")],
  ['a text for a secret', door('read', readingTouched('x')), because("'Licence'")],
  ...[
    { a: [1, { b: 'y' }], c: true },
    { a: [1, { b: 'x' }] },
    { a: [1], c: true },
    { a: [1, { b: 'x' }], c: true, d: 1 },
  ].map(
    (Fixed, at): Call => [
      `a parameter that no playbook sets (${at})`,
      door('read', reading({ Fixed })),
      because("'Fixed': expected what the playbooks set, or its default,"),
    ],
  ),
  // in Turkish, the letters of these names are no longer the same
  [
    'a parameter that no playbook sets, in other letters',
    door('read', reading({ FIXED: {} })),
    because("'FIXED': expected what the playbooks set, or its default,"),
  ],
  ['nothing for a value', door('read', reading({ Mode: null })), because("'Mode'")],
  ...['Fixed', 'Mode', 'Count', 'Code'].map((name): Call => {
    const { [name]: _, ...others } = everyValue;
    return [
      `${name} left out`,
      door('read', readingOnly(others)),
      because(`not given its parameter '${name.toLowerCase()}'`),
    ];
  }),
  ['no parameter at all', door('read', readingOnly({})), because('was not given its parameter')],
];

const everyType = { Names: ['x'], Count: 9, Ratio: 1.5, Sure: true, Mode: 'Two', Code: '12', Table: { a: 1 } };
/** What the same client may do: the limits let through what is declared. */
const allowed: readonly Call[] = [
  ['values of every type', door('read', reading(everyType)), told(/^(?=.*"reason":"x 6")(?=.*"given":"12 {2}9")/)],
  ['a secret', door('read', readingTouched({ reveal: () => 'secret' })), told(/"reason":"\(+secret\)+ of 6"/)],
];

const opening: Call = [
  'opening a session',
  command('Open-KtSession', { Run: heldRun, HostName: 'h' }),
  { output: [], id: '' },
];

/** What a client that may connect could try, and that none of it is done; the same in the lab and in a real PowerShell. */
export const attacks: readonly Call[] = [opening, ...keys, ...values, ...uses, ...touchAttacks, ...allowed];
