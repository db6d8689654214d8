import { because, type Call, fixedList, given, inTable, nested, showing, withCode } from './client-made-calls.ts';
import { told } from './no-language.ts';
import { xml } from './raw-clixml.ts';

const { text, whole, on, posing, list, table } = xml;

/** Types that no declaration has, and more than a call may hold. */
export const clientMadeTypes: readonly Call[] = [
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

/** Values of the parameters but for these. */
const except = (...names: string[]): readonly (readonly [string, string])[] =>
  (
    [
      ['Names', list([text('x')])],
      ['Count', whole(1)],
      ['Ratio', '<Db>0.5</Db>'],
      ['Sure', on],
      ['Mode', text('one')],
      ['Code', text('0')],
      ['Table', table([])],
      ['Values', text('')],
      [
        'Fixed',
        table([
          ['a', fixedList()],
          ['c', on],
        ]),
      ],
    ] as const
  ).filter(([name]) => !names.includes(name));

/** What is let through is the value itself, whatever it shows. */
export const clientMadeValues: readonly Call[] = [
  [
    'values that show others, and names of .NET members',
    given(
      table(
        [
          ...except('Code', 'Count', 'Values', 'Table'),
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
      given(table([...except('Table'), ['Table', table([['a', whole(1)]], {}, type)]], {}, type)),
      told(/"table":\{"a":1\}/),
    ],
  ),
  [
    'a default whose parts have properties',
    given(
      table([
        ...except('Fixed'),
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
