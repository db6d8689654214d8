import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Failure } from '../../kernel/failure.ts';
import { toPlain } from '../../remote/protocol/clixml/to-plain.ts';
import { type PsValue, psDictionary, psList } from '../../remote/protocol/clixml/values.ts';
import type { CmdletDefinition } from '../evaluator/host.ts';
import type { Registry } from '../evaluator/registry.ts';
import { registryOf } from '../evaluator/registry-of.ts';
import type { Machine } from '../windows/machine/machine.ts';
import type { SimulatedProcess } from '../windows/machine/processes.ts';
import { windowsExtension } from '../windows/runtime/extension.ts';
import { versionsOf } from '../windows/runtime/language-host.ts';
import { type CommandSource, commandSource } from './command-source.ts';
import { PwshSession } from './pwsh-session.ts';
import { languageTypesOfMachine, type ShadowSource, shadowSource } from './shadow-source.ts';
import type { SimulatorDoor } from './simulator-door.ts';

const textOf = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');

/** Commands of the language's own that look at the machine or its clock. */
const ofMachine = ['Start-Sleep', 'Get-Date'];

/** Commands that also have items of PowerShell's own drives, which are the session's and not the machine's. */
const itemCommands = [
  'Test-Path',
  'Get-Item',
  'Get-ChildItem',
  'Remove-Item',
  'Set-Item',
  'Get-Content',
  'Set-Content',
  'New-Item',
  'Clear-Content',
  'Resolve-Path',
];

/** Environment variables that the PowerShell process itself lives on. */
const ofProcess = /^(?:PATH|HOME|TMPDIR|PSModulePath)$/iu;

/**
 * Which of some names are types in the PowerShell by itself, which methods those have that the simulated ones may not have, and which
 * commands it has.
 */
const look = `param([string[]]$Types, [string[]]$Simulated)
@{ unknown = [string[]]@($Types | Where-Object { -not ($_ -as [type]) })
   methods = [string[]]@(foreach ($name in $Simulated) { if ($real = $name -as [type]) {
     foreach ($method in $real.GetMethods()) { if (-not $method.IsSpecialName) { $name + ' ' + [int]$method.IsStatic + ' ' + $method.Name } } } })
   commands = [string[]]@((Get-Command -CommandType Cmdlet, Function -Module Microsoft.PowerShell.*, CimCmdlets, ThreadJob, Microsoft.PowerShell.ThreadJob, PackageManagement, PowerShellGet, PSReadLine, Microsoft.PowerShell.PSResourceGet -ErrorAction Ignore).Name) }`;

/** Commands that need no machine; what else PowerShell has and the simulator has not is refused. */
const harmless =
  /^(?:Format-(?:Table|List|Wide|Custom)|Get-(?:Error|Module|Help|TypeData|FormatData|PSCallStack|Verb|Culture|UICulture|Host|History|Runspace)|Import-Module|New-Module|Remove-Module|Remove-Alias|Remove-TypeData|Update-TypeData|Join-String|ConvertTo-(?:Xml|Html|CliXml)|ConvertFrom-(?:CliXml|Markdown|SddlString)|Set-(?:PSDebug|TraceSource)|Trace-Command|Measure-Command|Wait-Debugger|Write-.*|TabExpansion2|Select-Xml|ForEach-Object|Where-Object|Out-(?:Default|Host|Null|String)|cd.*|oss|Pause|prompt|Get-Variable|Clear-Variable)$/iu;

/** Whose session it is, and who answers for the machine. */
type Place = {
  readonly machine: Machine;
  readonly process: SimulatedProcess;
  readonly door: SimulatorDoor;
  readonly executable: string;
};

/**
 * Starts a PowerShell for a process of the machine and makes it ask the simulator for everything that is the machine's.
 * @throws Failure `unreachable` where it does not start or cannot be prepared
 */
export const openPreparedSession = async (place: Place): Promise<PwshSession> => {
  const { machine, process, executable } = place;
  const environment = Object.fromEntries(
    Array.from(process.environment.values(), ({ name, value }) => [name, value] as const).filter(
      ([name]) => !ofProcess.test(name),
    ),
  );
  const session = await PwshSession.open(machine.name, executable, environment);
  try {
    await prepare(session, place, Object.keys(environment));
    return session;
  } catch (error) {
    session.kill();
    throw error;
  }
};

/** What sessions of one PowerShell have in common. */
type Groundwork = {
  readonly assembly: PsValue;
  readonly shadows: ShadowSource;
  readonly proxies: CommandSource;
  /** Names of its own commands. */
  readonly commands: readonly string[];
};

/** Groundwork by executable: compiling takes seconds, and the simulator is the same for all machines. */
const groundworks = new Map<string, Promise<Groundwork>>();

/** The bridge's own parts, the one with the `using` lines first. */
const parts = ['bridge.cs', 'internals.cs', 'shadow.cs', 'command.cs', 'wire.cs', 'script.cs'];

const simulatedCommands = (registry: Registry): CmdletDefinition[] => {
  const ofWindows = new Set((windowsExtension.cmdlets ?? []).map(({ name }) => name.toLowerCase()));
  return [...registry.cmdlets.values()].filter(
    ({ name }) => ofWindows.has(name.toLowerCase()) || ofMachine.includes(name),
  );
};

/** What a session must not do that is to be prepared: a PowerShell remembers each type that it was asked for. */
const layGroundwork = async (executable: string, registry: Registry): Promise<Groundwork> => {
  const session = await PwshSession.open('lab', executable, {});
  try {
    return await gather(session, registry);
  } finally {
    session.kill();
  }
};

const gather = async (session: PwshSession, registry: Registry): Promise<Groundwork> => {
  const named = [...registry.enums.values(), ...registry.exceptions.values()].map(({ name }) => name);
  const machineTypes = (windowsExtension.types ?? []).map(({ name }) => name);
  const [seen] = await call(session, look, [
    ['Types', psList(named)],
    ['Simulated', psList([...machineTypes, ...languageTypesOfMachine])],
  ]);
  const shadows = shadowSource(registry, machineTypes, {
    unknown: new Set(textsOf(seen, 'unknown')),
    methods: new Set(textsOf(seen, 'methods')),
  });
  const proxies = commandSource(simulatedCommands(registry), registry, shadows.names);
  const source = [...parts.map(textOf), shadows.text, proxies.text].join('\n');
  const [assembly = null] = await call(session, textOf('compile.ps1'), [
    ['Source', source],
    ['Name', `kintsugi-lab-${randomUUID()}.dll`],
  ]);
  return { assembly, shadows, proxies, commands: textsOf(seen, 'commands') };
};

const prepare = async (
  session: PwshSession,
  { machine, process, door, executable }: Place,
  environment: readonly string[],
): Promise<void> => {
  const registry = registryOf(door.context);
  const laid = groundworks.get(executable) ?? layGroundwork(executable, registry);
  groundworks.set(executable, laid);
  laid.catch(() => groundworks.delete(executable));
  const { assembly, shadows, proxies, commands: itsOwn } = await laid;
  const refused = itsOwn.filter((name) => !registry.cmdlets.has(name.toLowerCase()) && !harmless.test(name));
  const known = [
    ...registry.typeNames.keys(),
    ...registry.exceptions.keys(),
    ...Object.keys(shadows.names),
    ...alwaysKnown,
  ];
  await call(session, textOf('setup.ps1'), [
    ['Assembly', assembly],
    ['Pipe', door.pipeName],
    ['Known', psList(known)],
    ['Environment', psList([...environment, 'PATH'])],
    ['Path', process.environment.get('PATH')?.value ?? ''],
    ['ProcessId', process.pid],
    ['Versions', psDictionary(Object.entries(versionsOf(machine)))],
    ['Refused', psList(refused)],
    [
      'Commands',
      psList(
        proxies.commands.map(({ name, type, className, defaultSet, mayChange }) =>
          psList([name, type, className, defaultSet, mayChange]),
        ),
      ),
    ],
    ['Aliases', psDictionary(aliasesOf(simulatedCommands(registry)))],
    ['ItemCommands', psList(itemCommands)],
    ['Converting', psList(shadows.converting)],
    ['AliasProperties', psList(shadows.aliases.map((each) => psList(each)))],
    ['Shadows', psDictionary(Object.entries(shadows.names))],
  ]);
};

const aliasesOf = (commands: readonly CmdletDefinition[]): (readonly [string, string])[] => {
  const seen = new Map<string, readonly [string, string]>();
  for (const { name, aliases } of commands)
    for (const alias of aliases ?? []) seen.set(alias.toLowerCase(), [alias, name] as const);
  return [...seen.values()];
};

/** Types that every PowerShell has as words of the language. */
const alwaysKnown = ['ordered', 'psobject', 'scriptblock', 'Kintsugi.Lab.Script', 'Kintsugi.Lab.Bridge', 'void'];

/** Runs a script of the engine's own. @throws Failure `unreachable` with what it said where it fails */
const call = async (
  session: PwshSession,
  text: string,
  parameters: readonly (readonly [string, PsValue])[],
): Promise<PsValue[]> => {
  const output: PsValue[] = [];
  const end = await session.run(
    [[{ text, isScript: true, useLocalScope: true, parameters: parameters.map(([name, value]) => ({ name, value })) }]],
    undefined,
    (event) => {
      if (event.kind === 'output') output.push(event.value);
    },
  );
  if (end.state !== 'completed')
    throw new Failure(
      'unreachable',
      `The PowerShell of the lab could not be prepared: ${end.error?.message ?? end.state} ${end.error?.scriptStackTrace ?? ''}`,
    );
  return output;
};

const textsOf = (value: PsValue | undefined, name: string): string[] => {
  const plain: unknown = value === undefined ? undefined : toPlain(value);
  const found: unknown = typeof plain === 'object' && plain !== null ? Reflect.get(plain, name) : undefined;
  return Array.isArray(found) ? found.map(String) : [];
};
