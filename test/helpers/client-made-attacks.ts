import type { RemoteCall } from '../../src/remote/powershell/remote-shell.ts';
import { command, door, heldRun, reading, refused, told } from './no-language.ts';
import { raw, xml } from './raw-clixml.ts';

type Call = readonly [what: string, call: RemoteCall, outcome: object];

const { text, whole, on, posing, list, table } = xml;
const because = (words: string) => told(new RegExp(`^(?=.*"fqid":"KtNotInModule").*${words}`));
const head = '0'.repeat(64);
const none = list([]);
/** The given names are all that a look at `.Keys` shows. */
const showing = (...names: string[]) => ({ Keys: list(names.map(text)), Count: whole(names.length) });
const given = (parameters: string): RemoteCall => door('read', reading({}, { Parameters: raw(parameters) }));
const withCode = (value: string): RemoteCall => given(table([['Code', value]]));
const touching = (touch: string): RemoteCall => door('touched', { Touches: raw(list([touch])) });
const inTable = (value: string): RemoteCall => given(table([['Table', table([['a', value]])]]));
const nested = (levels: number, inner = whole(1)): string =>
  Array.from({ length: levels }).reduce<string>((made) => list([made]), inner);

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

const fixedList = (...more: string[]): string =>
  list([whole(1), table([['b', text('x')]]), ...more], { Count: whole(2), Length: whole(2) });

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
    because("'Fixed': expected its default"),
  ],
);

/** Types that no declaration has, and more than a call may hold. */
const types: readonly Call[] = [
  ...[
    '<C>49</C>',
    '<Version>1.2</Version>',
    '<URI>http://x/</URI>',
    '<XD>&lt;a/&gt;</XD>',
    '<G>00000000-0000-0000-0000-000000000001</G>',
    '<TS>PT1S</TS>',
    '<DT>2020-01-01T00:00:00Z</DT>',
    '<D>12</D>',
    '<By>12</By>',
    '<U64>12</U64>',
    '<Obj RefId="0"><TN RefId="0"><T>System.Management.Automation.PSCustomObject</T></TN><MS><S N="a">1</S></MS></Obj>',
    '<Obj RefId="0"><TN RefId="0"><T>System.Management.Automation.SwitchParameter</T></TN><Props><B N="IsPresent">true</B></Props></Obj>',
    '<Obj RefId="0"><QUE><S>12</S></QUE></Obj>',
    '<Obj RefId="0"><STK><S>12</S></STK></Obj>',
    '<Obj RefId="0"><TN RefId="0"><T>System.Text.RegularExpressions.Regex</T></TN><ToString>12</ToString><Props><S N="Length">2</S></Props></Obj>',
  ].flatMap((value): readonly Call[] => [
    [`${value} for a text`, withCode(value), because('alone')],
    [`${value} in a table`, inTable(value), because('alone')],
  ]),
  ['bytes for texts', given(table([['Names', '<BA>AQID</BA>']])), because('alone')],
  ['script text for digits', withCode('<SBK>1+1</SBK>'), because("'Code'")],
  [
    'an enumeration for a text',
    withCode(
      '<Obj RefId="0"><TN RefId="0"><T>System.ConsoleColor</T><T>System.Enum</T></TN><ToString>12</ToString><I32>12</I32></Obj>',
    ),
    because("'Code': expected a value of type string"),
  ],
  ['values at too many levels', inTable(nested(10)), because('more than 12 levels')],
  ['a value in itself', inTable(xml.cyclic()), because('more than 12 levels')],
  ['few values that stand for many', inTable(xml.again(5, 9)), because('more than 10000 values')],
  [
    'too many values',
    given(table([['Names', list(Array.from({ length: 10_001 }, () => '<S>x</S>'))]])),
    because('more than 10000 values'),
  ],
  ['too much text', withCode(text('1'.repeat(1_048_577))), because('more than 1048576 characters')],
];

/** What is let through is the value itself, whatever it shows. */
const through: readonly Call[] = [
  [
    'values that show others, and names of .NET members',
    given(
      table(
        [
          ['Code', posing(text('12'), 'zz', { Length: whole(0) })],
          ['Count', posing(whole(9), '99')],
          ['Values', posing(text('ok'), 'bad')],
          [
            'Table',
            table(
              [
                ['Keys', text('k')],
                ['Count', posing(whole(7), '8')],
                ['GetEnumerator', nested(3)],
              ],
              showing(),
            ),
          ],
        ],
        showing('Evil'),
      ),
    ),
    told(/^(?=.*"given":"12 ok 9")(?=.*"Keys":"k")(?=.*"Count":7)(?=.*"GetEnumerator":\[+1\]+)/),
  ],
  ...['System.Collections.Specialized.OrderedDictionary', 'System.Management.Automation.PSPrimitiveDictionary'].map(
    (type): Call => [
      `a table of the type ${type}`,
      given(table([['Table', table([['a', whole(1)]], {}, type)]], {}, type)),
      told(/"table":\{"a":1\}/),
    ],
  ),
  [
    'a default whose parts have properties',
    given(
      table([
        [
          'Fixed',
          table(
            [
              ['a', fixedList()],
              ['c', on],
            ],
            showing(),
          ),
        ],
      ]),
    ),
    told(/^\{"ok":true/),
  ],
];

/** What a client could try that does not make its values as ours does; the lab keeps no properties and other texts at tables, texts and numbers, so these are half the attack there. */
export const clientMadeAttacks: readonly Call[] = [...tables, ...values, ...fixed, ...types, ...through];
