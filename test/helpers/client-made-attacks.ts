import type { RemoteCall } from '../../src/remote/powershell/remote-shell.ts';
import { because, type Call, fixedList, given, inTable, none, showing, withCode } from './client-made-calls.ts';
import { clientMadeTypes, clientMadeValues } from './client-made-types.ts';
import { command, door, heldRun, reading, refused } from './no-language.ts';
import { raw, xml } from './raw-clixml.ts';

const { text, whole, on, posing, list, table } = xml;
const head = '0'.repeat(64);
const touching = (touch: string): RemoteCall => door('touched', { Touches: raw(list([touch])) });

/** Tables that tell of other entries than they have, by an entry or by a property of the value. */
const tables: readonly Call[] = [
  [
    'an entry Keys beside an undeclared one',
    door('read', reading({ Keys: [], Evil: 'x', Count: 99 })),
    because("'read'|declares no parameter '(Keys|Evil)'|'Count'"),
  ],
  [
    'an entry Keys with only declared names',
    given(
      table([
        ['Keys', list([text('Code')])],
        ['Code', text('12')],
        ['OutVariable', text('global:KtState')],
      ]),
    ),
    because("declares no parameter '(Keys|OutVariable)'"),
  ],
  [
    'a property Keys that leaves out OutVariable',
    given(table([['OutVariable', text('global:KtState')]], showing())),
    because("declares no parameter 'OutVariable'"),
  ],
  [
    'a property Keys and a value against its pattern',
    given(table([['Code', text('x')]], showing())),
    because("'Code': expected a text that matches"),
  ],
  [
    'properties psobject and GetEnumerator',
    given(table([['Evil', text('x')]], { psobject: none, GetEnumerator: none, Keys: none })),
    because("declares no parameter 'Evil'"),
  ],
  [
    'a door whose keys are not shown',
    door('clock', raw(table([['OutVariable', text('global:KtState')]], showing()))),
    because("'clock' takes no 'OutVariable'"),
  ],
  [
    'a door with an entry Keys',
    door('ledger', { Keys: [], Run: '../../x' }),
    because("'ledger' takes no '(Keys|Run)'"),
  ],
  [
    'a touched file behind an entry Keys',
    touching(
      table([
        ['Keys', none],
        ['files', list([text('C:\\x')])],
      ]),
    ),
    because("'touched'"),
  ],
  [
    'a touched file behind a property Keys',
    touching(table([['files', list([text('\\\\server\\x')])]], showing())),
    because('touches the files'),
  ],
  [
    'names that differ by case alone, for a door',
    door(
      'endTask',
      raw(
        table([
          ['Task', text(`Kintsugi-${heldRun}-a-0`)],
          ['task', text('Kintsugi-x-deadman-services')],
        ]),
      ),
    ),
    because("'[Tt]ask' stands twice"),
  ],
  [
    'names that differ by case alone, among parameters',
    given(
      table([
        ['Code', text('12')],
        ['code', text('x')],
      ]),
    ),
    because("'[Cc]ode' stands twice"),
  ],
  ['a number as a name', given(table([[whole(1), text('x')]])), because('names are texts')],
  [
    'a name that shows another one',
    given(table([[posing(text('OutVariable'), 'Code'), text('12')]])),
    because("declares no parameter 'OutVariable'"),
  ],
  ['a name that is of every object', inTable(table([['psobject', text('x')]])), because("no table has a 'psobject'")],
];

/** Texts and numbers that show another value than they are. */
const values: readonly Call[] = [
  [
    'digits that are a path',
    withCode(posing(text('..\\..\\x'), '12')),
    because("'Code': expected a text that matches"),
  ],
  [
    'digits that are a path, with properties',
    withCode(posing(text('..\\x'), '12', { Length: whole(2), psobject: none, ToString: text('12') })),
    because("'Code'"),
  ],
  [
    'an item that is another one',
    given(table([['Names', list([posing(text('%PATH%'), 'ok')])]])),
    because("'Names': each item: expected a text that matches"),
  ],
  [
    'a listed word that is another one',
    given(table([['Mode', posing(text('three'), 'one')]])),
    because("'Mode': expected one of"),
  ],
  [
    'a number that is another one',
    given(table([['Count', posing(whole(10), '5')]])),
    because("'Count': expected a number up to 9"),
  ],
  [
    'a step that leaves',
    door('read', reading({}, { Step: raw(posing(text('..\\..\\x'), 'abc')) })),
    because("'read', 'Step'"),
  ],
  [
    'a dead-man task that shows a read task',
    door('endTask', { Task: raw(posing(text(`Kintsugi-${heldRun}-deadman-services`), `Kintsugi-${heldRun}-x-0`)) }),
    because("'endTask', 'Task'"),
  ],
  [
    'a dead-man task for poll',
    door('poll', {
      Task: raw(posing(text(`Kintsugi-${heldRun}-deadman-services`), `Kintsugi-${heldRun}-x-1`)),
      WaitMs: 0,
    }),
    because("'poll', 'Task'"),
  ],
  [
    'a file that shows a declared one',
    touching(table([['files', list([posing(text('\\\\server\\x'), 'C:\\Data\\x.txt')])]])),
    because('touches the files'),
  ],
  [
    'a journal head that is a record',
    door('claim', { Owner: 'o', JournalHead: raw(posing(text('","data":{'), head)) }),
    because("'claim', 'JournalHead'"),
  ],
  [
    'a run that shows another one',
    command('Open-KtSession', { Run: raw(posing(text('..\\..\\x'), heldRun)), HostName: 'h' }),
    refused('ParameterArgumentValidationError'),
  ],
  [
    'a host that shows another one',
    command('Open-KtSession', { Run: heldRun, HostName: raw(posing(text("h'; x"), 'h')) }),
    refused('ParameterArgumentValidationError'),
  ],
  [
    'a time that shows another one',
    command('Invoke-KtModuleDoor', { Name: 'clock', UtcTicks: raw(posing(text('x'), '1')) }),
    refused('ParameterArgumentValidationError'),
  ],
];

/** A default with more in it. */
const fixed: readonly Call[] = (
  [
    table([
      ['a', list([whole(1), table([['b', text('x')]])])],
      ['c', on],
      ['Count', whole(2)],
      ['evil', text('E')],
    ]),
    table([
      ['a', fixedList(text('E'))],
      ['c', on],
    ]),
    table(
      [
        ['a', fixedList()],
        ['c', on],
        ['evil', text('E')],
      ],
      { Count: whole(2) },
    ),
    table([
      ['a', list([whole(1), table([['b', posing(text('y'), 'x')]])])],
      ['c', on],
    ]),
    table([
      ['A', list([whole(1), table([['b', text('x')]])])],
      ['c', on],
    ]),
  ] as const
).map(
  (value, at): Call => [
    `a default with more in it (${at})`,
    given(table([['Fixed', value]])),
    because("'Fixed': expected what the playbooks set"),
  ],
);

/** What a client's debugger sends: stopped inside of the module, it would run commands with all language. */
const debugging: readonly Call[] = [
  '__Set-PSDebugMode',
  '__Get-PSDebuggerStopArgs',
  '__Set-PSDebuggerAction',
  'Set-PSBreakpoint',
  'Wait-Debugger',
].map((name): Call => [name, command(name), refused('CommandNotFoundException')]);

/**
 * What a client could try that does not make its values as ours does. The lab keeps no properties and no other text at tables, texts and numbers
 * of the wire, so there some of these are weaker than at a real PowerShell.
 */
export const clientMadeAttacks: readonly Call[] = [
  ...tables,
  ...values,
  ...fixed,
  ...debugging,
  ...clientMadeTypes,
  ...clientMadeValues,
];
