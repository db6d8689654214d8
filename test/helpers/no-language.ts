import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { Failure } from '../../src/kernel/failure.ts';
import { declaredText } from '../../src/planning/declared-text.ts';
import type { PlannedAction } from '../../src/planning/plan.ts';
import { loadHostKitText } from '../../src/remote/powershell/host-kit-text.ts';
import { type JeaEndpoint, loadJeaTemplates, makeJeaEndpoint } from '../../src/remote/powershell/jea-endpoint.ts';
import type { PsInput, RemoteCall, RemoteShell } from '../../src/remote/powershell/remote-shell.ts';

/** Uses commands before which a restricted session puts proxies that do not know these parameters. */
export const heldScript = `param([string[]] $Names, $Count, $Ratio, $Sure, $Mode, $Code, $Table, $Fixed, $Values)
# a text that Windows PowerShell 5.1 takes for another one without the byte order mark: ä
$first = @($Names | Select-Object -First 1)
@{ ok = $true; reason = "$first $((1, 2, 3 | Measure-Object -Sum).Sum)"; facts = @{ mode = [string]$ExecutionContext.SessionState.LanguageMode; given = "$Code $Values $Count"; table = $Table } }
`;
/** Of another action: takes a secret, and what it may touch. */
const touchingScript = `param($Licence, $Service, $Folder, $Files, $Key, $Task)
@{ ok = $true; reason = "secret of $($Licence.Length)"; facts = @{} }
`;
const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');
const sha256 = sha256Of(heldScript);

/** What the action of the held script declares. */
const heldParameters = {
  names: { type: 'array', items: { type: 'string', pattern: '^[^%]*$' } },
  count: { type: 'integer', minimum: 1, maximum: 9 },
  ratio: { type: 'number' },
  sure: { type: 'boolean' },
  mode: { type: 'string', enum: ['one', 'Two'] },
  code: { type: 'string', pattern: '^\\d+$' },
  table: { type: 'object' },
  values: { type: 'string' },
  fixed: { type: 'object' },
} as const satisfies PlannedAction['parameters'];
/** A value for each of them, as our own client gives. */
export const everyValue = {
  Names: ['x'],
  Count: 1,
  Ratio: 0.5,
  Sure: false,
  Mode: 'one',
  Code: '0',
  Table: {},
  Values: '',
  Fixed: { a: [1, { b: 'x' }], c: true },
} satisfies Readonly<Record<string, PsInput>> as Readonly<Record<string, PsInput>>;
const touchingParameters = {
  licence: { type: 'secret' },
  service: { type: 'string' },
  folder: { type: 'string', pattern: '^[A-Z]:\\\\Data\\\\.+$' },
  files: { type: 'array', items: { type: 'string', pattern: '^.+$' } },
  key: { type: 'string', pattern: '^.+$' },
  task: { type: 'string', pattern: '^.+$' },
} as const satisfies PlannedAction['parameters'];
const heldSettled = '{"fixed":[{"a":[1,{"b":"x"}],"c":true}]}';
const touches = {
  services: ['bits', '$service'],
  folders: ['%windir%\\SoftwareDistribution', '$folder'],
  files: ['$files'],
  registry: ['HKLM\\SOFTWARE\\KintsugiTest:value', '$key'],
  tasks: ['$task'],
};
/** Given to read the held script: these parameters, and of the others those of `everyValue`. */
export const reading = (
  parameters: Readonly<Record<string, PsInput>>,
  more: Readonly<Record<string, PsInput>> = {},
): PsInput => ({ ...readingOnly({ ...othersThan(parameters), ...parameters }), ...more });
const othersThan = (parameters: Readonly<Record<string, PsInput>>): Readonly<Record<string, PsInput>> => {
  const given = new Set(Object.keys(parameters).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(everyValue).filter(([name]) => !given.has(name.toLowerCase())));
};
/** Given to read the held script: these parameters alone. */
export const readingOnly = (parameters: Readonly<Record<string, PsInput>>) => ({
  Step: 's',
  Kind: 'verify',
  Sha256: sha256,
  Lane: 'inline',
  LongestMs: 1000,
  Parameters: parameters,
});
/** Given to read the script of the action that touches something. */
export const readingTouched = (Licence: PsInput): PsInput => ({
  ...readingOnly({ Licence, Service: 'bits', Folder: 'C:\\Data\\a', Files: [], Key: 'k', Task: 't' }),
  Sha256: sha256Of(touchingScript),
});
export const door = (name: string, given?: PsInput): RemoteCall => ({
  kind: 'command',
  name: 'Invoke-KtModuleDoor',
  parameters: { Name: name, ...(given === undefined ? {} : { With: given }) },
});
export const command = (name: string, parameters: Readonly<Record<string, PsInput>> = {}): RemoteCall => ({
  kind: 'command',
  name,
  parameters,
});

/** The run of the conversation. */
export const heldRun = '20261121-0138-k7xq2m';

/** What a call came to: its output as texts, or the first part of its error's fixed id. */
type Outcome = { readonly output: readonly string[]; readonly id: string };

export const refused = (id: string) => ({ output: [], id });
export const told = (text: RegExp) => ({ output: [expect.stringMatching(text)], id: '' });

/** Calls that a client makes in one session, in this order, and what comes of them in the lab as well as in a real PowerShell. */
export const conversation: readonly (readonly [what: string, call: RemoteCall, outcome: object])[] = [
  ['script text', { kind: 'script', text: '1 + 1' }, refused('ScriptsNotAllowed')],
  ['a cmdlet', command('Get-Date'), refused('CommandNotFoundException')],
  ['a function of the kit', command('Invoke-KtDoor', { Name: 'clock' }), refused('CommandNotFoundException')],
  ['a held script by its function', command('KtScript.a.b.verify'), refused('CommandNotFoundException')],
  ['loading a module', command('Import-Module', { Name: 'CimCmdlets' }), refused('CommandNotFoundException')],
  ['asking after a hidden command', command('Get-Command', { Name: 'Get-Date' }), refused('CommandNotFoundException')],
  ['a proxy with what it does not take', command('Select-Object', { First: 1 }), refused('NamedParameterNotFound')],
  ['the module', command('Get-KtModule'), told(new RegExp(`"a/b/verify":"${sha256}".*"settled":{"a/b":"{\\\\"fixed`))],
  ['the door before a session is open', door('clock'), told(/"fqid":"KtNotOpen"/)],
  [
    'a run that would leave its folder',
    command('Open-KtSession', { Run: '../x', HostName: 'h' }),
    refused('ParameterArgumentValidationError'),
  ],
  [
    'a host that would end the quotes of a command line',
    command('Open-KtSession', { Run: heldRun, HostName: 'h"; calc #' }),
    refused('ParameterArgumentValidationError'),
  ],
  ['opening a session', command('Open-KtSession', { Run: heldRun, HostName: 'h' }), { output: [], id: '' }],
  ['the door', door('clock'), told(/^\{"ok":true,"value":\{/)],
  ['a door that is none', door('Get-Date'), told(/"fqid":"KtNoDoor"/)],
  ['a script by its hash', door('read', reading({ Names: ['x', 'y'] })), told(/"reason":"x 6".*"mode":"FullLanguage"/)],
  ['a script that is not held', door('read', reading({}, { Sha256: 'f'.repeat(64) })), told(/"fqid":"KtNotInModule"/)],
  ['a held script as another kind', door('read', reading({}, { Kind: 'detect' })), told(/"fqid":"KtNotInModule"/)],
  [
    'a cmdlet, after the module has used it',
    command('Measure-Object', { Sum: true }),
    refused('NamedParameterNotFound'),
  ],
];

export const visibleCommands = [
  'Clear-Host',
  'Exit-PSSession',
  'Get-Command',
  'Get-FormatData',
  'Get-Help',
  'Get-KtModule',
  'Get-KtProbe',
  'Invoke-KtModuleDoor',
  'Measure-Object',
  'Open-KtSession',
  'Out-Default',
  'Select-Object',
];

/** An endpoint that holds one verify script of the action `a/b`; the account `guest` has its role. */
export async function endpointWith(
  verify: string,
  transcripts: string,
  parameters: PlannedAction['parameters'] = heldParameters,
): Promise<JeaEndpoint> {
  const parts = {
    name: 'Kintsugi',
    version: '1.2.3',
    group: 'guest',
    transcripts,
    kit: (await loadHostKitText()).text,
  };
  const lanes = { detect: 'inline', apply: 'inline', verify: 'inline', undo: 'inline' } as const;
  const action = (
    id: string,
    text: string,
    declares: Pick<PlannedAction, 'parameters' | 'touches'>,
    settled: string,
  ) => {
    const scripts = { verify: text };
    const declared = declaredText({ ...declares, lanes, longestMs: 60_000, interruptible: false, scripts });
    return { id, declared, settled, scripts };
  };
  const actions = [
    action('a/b', verify, { parameters, touches: {} }, heldSettled),
    action('c/d', touchingScript, { parameters: touchingParameters, touches }, '{}'),
  ];
  return makeJeaEndpoint({ ...parts, actions }, await loadJeaTemplates());
}

/** Writes files by their path below a folder. @returns the folder */
export function writeFiles(folder: string, files: Iterable<readonly [string, string]>): string {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Makes a call and says what came of it. */
export async function outcomeOf(shell: RemoteShell, call: RemoteCall): Promise<Outcome> {
  try {
    const { output, errors } = await shell.invoke(call);
    return { output: output.map(String), id: errors[0]?.fqid.split(',')[0] ?? '' };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'script-error') throw error;
    const { fqid } = error.facts['error'] as { readonly fqid: string };
    return { output: [], id: fqid.split(',')[0] ?? '' };
  }
}
