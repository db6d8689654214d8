import type { RemoteCall } from '../../src/remote/powershell/remote-shell.ts';
import { because, type Call } from './client-made-calls.ts';
import { door, told } from './no-language.ts';

const not = told(/"ok":false.*"fqid":"KtNotInModule"/);
const touching = (kind: string, name: string): RemoteCall => door('touched', { Touches: [{ [kind]: [name] }] });

/** What no action of the module declares that it touches. */
export const touchAttacks: readonly Call[] = [
  ['a service by a wildcard', touching('services', '*'), not],
  ['a service by a path', touching('services', '..\\x'), not],
  [
    'a declared folder with a character that cultures ignore',
    touching('folders', '%windir%\\Software\u00adDistribution'),
    not,
  ],
  ['a declared folder in other letters', touching('folders', '%WINDIR%\\SoftwareDistribution'), not],
  ['a declared folder with more', touching('folders', '%windir%\\SoftwareDistribution\\..\\System32'), not],
  ['a folder against the pattern', touching('folders', 'C:\\Windows'), not],
  ...['..\\x', 'a\\..\\..\\x', 'a/../x', 'a*', 'a?', 'a:b', 'a\\', '. ', 'a.', 'a[b]', '%PATH%', 'a\n', ' a'].map(
    (rest): Call => [`a folder that ends with ${JSON.stringify(rest)}`, touching('folders', `C:\\Data\\${rest}`), not],
  ),
  ...[
    '\\\\server\\share\\x',
    '\\\\?\\C:\\x',
    '\\\\.\\PhysicalDrive0',
    'x',
    'C:x',
    'C:\\x::$DATA',
    '\\x',
    '%a%b\\x',
    'C:\\a\\..\\b',
    'C:\\Data\\COM1',
    'C:\\Data\\nul.txt\\x',
    'C:\\Data\\Lpt\u00b9 .x',
    'C:\\Data\\CONIN$',
    // holds no path
    '%COMPUTERNAME%\\x',
  ].map((name): Call => [`the file ${name}`, touching('files', name), not]),
  ...['HKCU\\x', 'C\\Windows', 'HKLM\\SECURITY\\..\\SAM', 'HKLM\\SAM*', 'HKLM', 'HKLM\\a/b', 'HKLM\\a:b*'].map(
    (name): Call => [`the key ${name}`, touching('registry', name), not],
  ),
  ['another value of a declared key', touching('registry', 'HKLM\\SOFTWARE\\KintsugiTest:*'), not],
  ...['x', '\\a\\..\\b', '\\a*'].map((name): Call => [`the task ${name}`, touching('tasks', name), not]),
  ['a kind that is none', touching('provider', 'x'), because("'touched' knows no touched 'provider'")],
  ['a text for names', door('touched', { Touches: [{ services: 'bits' }] }), because("'touched', touched services")],
  ['a text among tables', door('touched', { Touches: ['x'] }), because("'touched', 'Touches'")],
  [
    'a capture of what is not declared',
    door('capture', { Token: 1, JournalHead: '0'.repeat(64), Touches: [{ files: ['\\\\s\\x'] }] }),
    not,
  ],
];

/** Names that the declarations let through, as a client gives them. */
export const declaredTouches = [
  { services: ['bits', 'W32Time'] },
  {
    folders: ['%windir%\\SoftwareDistribution', 'C:\\Data\\a b\\c.d'],
    files: ['C:\\Data\\x.txt', '%windir%\\win.ini'],
    registry: ['HKLM\\SOFTWARE\\KintsugiTest:value', 'HKLM\\SOFTWARE\\Other key:with blank'],
    tasks: ['\\Microsoft\\Windows\\Nothing'],
  },
];
