import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/kernel/failure.ts';
import { type Lab, type LabHost, startLab } from '../../../src/lab/start-lab.ts';
import { loadHostKitText } from '../../../src/remote/powershell/host-kit-text.ts';
import { type JeaEndpoint, loadJeaTemplates, makeJeaEndpoint } from '../../../src/remote/powershell/jea-endpoint.ts';
import type { PsInput, RemoteCall, RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import { realPowerShell } from '../../helpers/real-powershell.ts';

/** Uses commands before which a restricted session puts proxies that do not know these parameters. */
const script = `param([string[]] $Names)
# a text that Windows PowerShell 5.1 takes for another one without the byte order mark: ä
$first = @($Names | Select-Object -First 1)
@{ ok = $true; reason = "$first $((1, 2, 3 | Measure-Object -Sum).Sum)"; facts = @{ mode = [string]$ExecutionContext.SessionState.LanguageMode } }
`;
const sha256 = createHash('sha256').update(script).digest('hex');
const reading = (
  parameters: Readonly<Record<string, PsInput>>,
  more: Readonly<Record<string, PsInput>> = {},
): PsInput => ({
  Step: 's',
  Kind: 'verify',
  Sha256: sha256,
  Lane: 'inline',
  LongestMs: 1000,
  Parameters: parameters,
  ...more,
});
const door = (name: string, given?: PsInput): RemoteCall => ({
  kind: 'command',
  name: 'Invoke-KtModuleDoor',
  parameters: { Name: name, ...(given === undefined ? {} : { With: given }) },
});
const command = (name: string, parameters: Readonly<Record<string, PsInput>> = {}): RemoteCall => ({
  kind: 'command',
  name,
  parameters,
});

/** What a call came to: its output as texts, or the first part of its error's fixed id. */
type Outcome = { readonly output: readonly string[]; readonly id: string };

const refused = (id: string) => ({ output: [], id });
const told = (text: RegExp) => ({ output: [expect.stringMatching(text)], id: '' });

/** Calls that a client makes in one session, in this order, and what comes of them in the lab as well as in a real PowerShell. */
const conversation: readonly (readonly [what: string, call: RemoteCall, outcome: object])[] = [
  ['script text', { kind: 'script', text: '1 + 1' }, refused('ScriptsNotAllowed')],
  ['a cmdlet', command('Get-Date'), refused('CommandNotFoundException')],
  ['a function of the kit', command('Invoke-KtDoor', { Name: 'clock' }), refused('CommandNotFoundException')],
  ['a held script by its function', command('KtScript.a.b.verify'), refused('CommandNotFoundException')],
  ['loading a module', command('Import-Module', { Name: 'CimCmdlets' }), refused('CommandNotFoundException')],
  ['asking after a hidden command', command('Get-Command', { Name: 'Get-Date' }), refused('CommandNotFoundException')],
  ['a proxy with what it does not take', command('Select-Object', { First: 1 }), refused('NamedParameterNotFound')],
  ['the module', command('Get-KtModule'), told(new RegExp(`"a/b/verify":"${sha256}"`))],
  ['the door before a session is open', door('clock'), told(/"fqid":"KtNotOpen"/)],
  [
    'a run that would leave its folder',
    command('Open-KtSession', { Run: '../x', HostName: 'h' }),
    refused('ParameterArgumentValidationError'),
  ],
  [
    'a host that would end the quotes of a command line',
    command('Open-KtSession', { Run: 'r1', HostName: 'h"; calc #' }),
    refused('ParameterArgumentValidationError'),
  ],
  [
    'opening a session',
    command('Open-KtSession', { Run: '20261121-0138-k7xq2m', HostName: 'h' }),
    { output: [], id: '' },
  ],
  ['the door', door('clock'), told(/^\{"ok":true,"value":\{/)],
  ['a door that is none', door('Get-Date'), told(/"fqid":"KtNoDoor"/)],
  [
    'a script by its hash, whatever text comes along',
    door('read', reading({ Names: ['x', 'y'] }, { Text: '"evil"' })),
    told(/"reason":"x 6".*"mode":"FullLanguage"/),
  ],
  ['a script that is not held', door('read', reading({}, { Sha256: 'f'.repeat(64) })), told(/"fqid":"KtNotInModule"/)],
  ['a held script as another kind', door('read', reading({}, { Kind: 'detect' })), told(/"fqid":"KtNotInModule"/)],
  [
    'a parameter that the action does not declare',
    door('read', reading({ OutVariable: 'global:KtState' })),
    told(/declares no parameter 'OutVariable'/),
  ],
  [
    'a cmdlet, after the module has used it',
    command('Measure-Object', { Sum: true }),
    refused('NamedParameterNotFound'),
  ],
];

const visible = [
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

const folder = mkdtempSync(join(tmpdir(), 'kintsugi-jea-'));
let endpoint: JeaEndpoint;
const write = (below: string, files: Iterable<readonly [string, string]>): string => {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, below, path)), { recursive: true });
    writeFileSync(join(folder, below, path), text);
  }
  return join(folder, below);
};

beforeAll(async () => {
  const kit = (await loadHostKitText()).text;
  endpoint = makeJeaEndpoint(
    {
      name: 'Kintsugi',
      version: '1.2.3',
      group: 'guest',
      transcripts: join(folder, 'transcripts'),
      kit,
      actions: [{ id: 'a/b', parameters: ['names'], scripts: { verify: script } }],
    },
    await loadJeaTemplates(),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a no-language session of the lab', () => {
  let lab: Lab;
  let host: LabHost;
  const open = (configurationName: string, username: string): Promise<RemoteShell> =>
    openWinRmShell({
      host: host.address,
      port: host.port,
      auth: { mechanisms: ['negotiate'], username, password: () => 'x' },
      configurationName,
      connectTimeoutMs: 5_000,
      operationTimeoutMs: 20_000,
    });
  beforeAll(async () => {
    const jea = { Kintsugi: write('lab', endpoint.files), Bare: null };
    lab = await startLab({
      spec: { kintsugi: 'lab/v1', hosts: { w11: { base: 'windows-11-24h2', jea } } },
      password: 'x',
      plainUsers: ['guest', 'other'],
    });
    const [first] = lab.hosts;
    if (first === undefined) throw new Error('the lab has no host');
    host = first;
  });
  afterAll(async () => {
    await lab?.close();
  });

  it('takes commands with typed values and nothing else, for an account that is no administrator', async () => {
    await using shell = await open('Kintsugi', 'guest');
    for (const [what, call, outcome] of conversation) expect(await outcomeOf(shell, call), what).toEqual(outcome);
  });

  it('refuses script text with the error that Windows gives', async () => {
    await using shell = await open('Kintsugi', 'guest');
    await expect(shell.invoke({ kind: 'script', text: 'Get-Date' })).rejects.toMatchObject({
      facts: {
        error: {
          message:
            'The syntax is not supported by this runspace. This can occur if the runspace is in no-language mode.',
          fqid: 'ScriptsNotAllowed',
          category: 'ParserError',
          reason: 'ParseException',
          targetName: 'Get-Date',
          exceptionType: 'System.Management.Automation.ParseException',
        },
      },
    });
  });

  it('shows what the role shows, and runs as a virtual administrator', async () => {
    await using shell = await open('Kintsugi', 'guest');
    const { output } = await shell.invoke(command('Get-Command'));
    const names = output.map((each) => (each as { readonly Name: string }).Name);
    // what the lab does not simulate (Get-Help and the like) is not listed
    expect(visible).toEqual(expect.arrayContaining(names));
    expect(names).toEqual(expect.arrayContaining(['Get-Command', 'Get-KtModule', 'Select-Object']));
    await shell.invoke(command('Open-KtSession', { Run: 'r1', HostName: 'h' }));
    expect((await outcomeOf(shell, door('facts'))).output[0]).toContain('"elevated":true');
  });

  it('is opened only for those who have a role, and the default configuration for administrators only', async () => {
    await expect(open('Kintsugi', 'other')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(open('Kintsugi', 'operator')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(open('Microsoft.PowerShell', 'guest')).rejects.toMatchObject({ code: 'forbidden' });
    await using shell = await open('Bare', 'operator');
    expect(await outcomeOf(shell, command('Get-KtModule'))).toEqual(refused('CommandNotFoundException'));
  });
});

describe.skipIf(realPowerShell === null)('a no-language session of a real PowerShell', () => {
  let modules: string;
  beforeAll(() => {
    // PowerShell has execution policies on Windows alone
    const files = Array.from(
      endpoint.files,
      ([path, text]) => [path, text.replace(/^ *ExecutionPolicy.*\n/m, '')] as const,
    );
    modules = write('real', files);
    write('real/Other', [
      ['Other.psd1', "@{ RootModule = 'Other.psm1'; ModuleVersion = '1.0'; FunctionsToExport = 'Get-Other' }"],
      ['Other.psm1', "function Get-Other { 'other' }"],
    ]);
  });
  const converse = (calls: readonly RemoteCall[]): readonly Outcome[] => {
    const file = join(folder, 'calls.json');
    const list = calls.map((call) =>
      call.kind === 'script' ? { script: call.text } : { name: call.name, parameters: call.parameters ?? {} },
    );
    writeFileSync(file, JSON.stringify(list));
    const harness = fileURLToPath(new URL('../../fixtures/jea/no-language-session.ps1', import.meta.url));
    const { stdout, stderr } = spawnSync(
      realPowerShell ?? '',
      [
        '-NoProfile',
        '-NonInteractive',
        '-File',
        harness,
        '-Configuration',
        join(modules, 'Kintsugi.pssc'),
        '-Modules',
        modules,
        '-Calls',
        file,
      ],
      { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', HOME: folder } },
    );
    const lines = stdout.split('\n').filter((line) => line !== '');
    if (lines.length !== calls.length) throw new Error(`PowerShell answered ${lines.length} calls: ${stdout}${stderr}`);
    return lines.map((line) => {
      const { output, error } = JSON.parse(line) as { output: string[]; error: { id: string } | null };
      return { output, id: error?.id.split(',')[0] ?? '' };
    });
  };

  it('takes the same and refuses the same', () => {
    const outcomes = converse([...conversation.map(([, call]) => call), command('Get-Command')]);
    for (const [index, [what, , outcome]] of conversation.entries()) expect(outcomes[index], what).toEqual(outcome);
    expect(outcomes.at(-1)?.output).toEqual(visible);
  });

  it('loads a module that a held script needs, and still hides its commands from the client', async () => {
    const needs = '@{ ok = $true; reason = (Get-Other); facts = @{} }\n';
    const kit = (await loadHostKitText()).text;
    const made = makeJeaEndpoint(
      {
        name: 'Kintsugi',
        version: '1.2.3',
        group: 'guest',
        transcripts: join(folder, 'transcripts'),
        kit,
        actions: [{ id: 'a/b', parameters: [], scripts: { verify: needs } }],
      },
      await loadJeaTemplates(),
    );
    write(
      'real',
      Array.from(made.files, ([path, text]) => [path, text.replace(/^ *ExecutionPolicy.*\n/m, '')] as const),
    );
    const other = createHash('sha256').update(needs).digest('hex');
    const outcomes = converse([
      command('Open-KtSession', { Run: 'r1', HostName: 'h' }),
      command('Get-Other'),
      door('read', reading({}, { Sha256: other })),
      command('Get-Other'),
      command('Get-Command', { Name: 'Get-Other' }),
    ]);
    expect(outcomes.map(({ id }) => id)).toEqual([
      '',
      ...['CommandNotFoundException', '', 'CommandNotFoundException', 'CommandNotFoundException'],
    ]);
    expect(outcomes[2]?.output[0]).toContain('"reason":"other"');
  });

  it('finds the manifest valid', () => {
    const manifest = join(modules, 'Kintsugi', 'Kintsugi.psd1');
    const asked = spawnSync(
      realPowerShell ?? '',
      [
        '-NoProfile',
        '-NonInteractive',
        '-Command',
        `(Test-ModuleManifest '${manifest}').ExportedFunctions.Keys -join ','`,
      ],
      {
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1', HOME: folder },
      },
    );
    expect(asked.stdout.trim().split(',').toSorted()).toEqual(visible.filter((name) => name.includes('-Kt')));
  });
});

async function outcomeOf(shell: RemoteShell, call: RemoteCall): Promise<Outcome> {
  try {
    const { output, errors } = await shell.invoke(call);
    return { output: output.map(String), id: errors[0]?.fqid.split(',')[0] ?? '' };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'script-error') throw error;
    const { fqid } = error.facts['error'] as { readonly fqid: string };
    return { output: [], id: fqid.split(',')[0] ?? '' };
  }
}
