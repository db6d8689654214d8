import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Failure } from '../../kernel/failure.ts';
import { toPlain } from '../../remote/protocol/clixml/to-plain.ts';
import { type PsValue, psDictionary, psList } from '../../remote/protocol/clixml/values.ts';
import type { Registry } from '../evaluator/registry.ts';
import { registryOf } from '../evaluator/registry-of.ts';
import type { Machine } from '../windows/machine/machine.ts';
import type { SimulatedProcess } from '../windows/machine/processes.ts';
import { windowsExtension } from '../windows/runtime/extension.ts';
import { versionsOf } from '../windows/runtime/language-host.ts';
import { proxyCommands } from './proxy-commands.ts';
import { PwshSession } from './pwsh-session.ts';
import { type ShadowSource, shadowSource } from './shadow-source.ts';
import type { SimulatorDoor } from './simulator-door.ts';

const textOf = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');

/** Commands of the language's own that look at the machine or its clock. */
const ofMachine = ['Start-Sleep', 'Get-Date'];

/** Environment variables that the PowerShell process itself lives on. */
const ofProcess = /^(?:PATH|HOME|TMPDIR|PSModulePath)$/iu;

/** Which of some names are types in the PowerShell by itself, and which of its commands it has. */
const look = `param([string[]]$Types)
@{ unknown = [string[]]@($Types | Where-Object { -not ($_ -as [type]) })
   commands = [string[]]@((Get-Command -CommandType Cmdlet, Function -Module Microsoft.PowerShell.*, CimCmdlets, ThreadJob, PackageManagement, PowerShellGet -ErrorAction Ignore).Name) }`;

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
  /** Names of its own commands. */
  readonly commands: readonly string[];
};

/** Groundwork by executable: compiling takes seconds, and the simulator is the same for all machines. */
const groundworks = new Map<string, Promise<Groundwork>>();

const layGroundwork = async (session: PwshSession, registry: Registry): Promise<Groundwork> => {
  const named = [...registry.enums.values(), ...registry.exceptions.values()].map(({ name }) => name);
  const [seen] = await call(session, look, [['Types', psList(named)]]);
  const machineTypes = (windowsExtension.types ?? []).map(({ name }) => name);
  const shadows = shadowSource(registry, machineTypes, new Set(textsOf(seen, 'unknown')));
  const source = [textOf('bridge.cs'), textOf('wire.cs'), textOf('script.cs'), shadows.text].join('\n');
  const [assembly = null] = await call(session, textOf('compile.ps1'), [
    ['Source', source],
    ['Name', `kintsugi-lab-${randomUUID()}.dll`],
  ]);
  return { assembly, shadows, commands: textsOf(seen, 'commands') };
};

const prepare = async (
  session: PwshSession,
  { machine, process, door, executable }: Place,
  environment: readonly string[],
): Promise<void> => {
  const registry = registryOf(door.context);
  const laid = groundworks.get(executable) ?? layGroundwork(session, registry);
  groundworks.set(executable, laid);
  laid.catch(() => groundworks.delete(executable));
  const { assembly, shadows, commands: itsOwn } = await laid;
  const ofWindows = new Set((windowsExtension.cmdlets ?? []).map(({ name }) => name.toLowerCase()));
  const commands = [...registry.cmdlets.values()].filter(
    ({ name }) => ofWindows.has(name.toLowerCase()) || ofMachine.includes(name),
  );
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
    ['Proxies', proxyCommands(commands, Object.keys(shadows.names))],
    ['Shadows', psDictionary(Object.entries(shadows.names))],
  ]);
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
