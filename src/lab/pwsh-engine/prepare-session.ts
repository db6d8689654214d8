import { psDictionary, psList } from '../../remote/protocol/clixml/values.ts';
import type { CmdletDefinition } from '../evaluator/host.ts';
import { registryOf } from '../evaluator/registry-of.ts';
import type { Machine } from '../windows/machine/machine.ts';
import type { SimulatedProcess } from '../windows/machine/processes.ts';
import { versionsOf } from '../windows/runtime/language-host.ts';
import { callScript, engineText } from './call-script.ts';
import { groundwork, simulatedCommands } from './groundwork.ts';
import { PwshSession } from './pwsh-session.ts';
import type { SimulatorDoor } from './simulator-door.ts';

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

const prepare = async (
  session: PwshSession,
  { machine, process, door, executable }: Place,
  environment: readonly string[],
): Promise<void> => {
  const registry = registryOf(door.context);
  const { assembly, shadows, proxies, commands: itsOwn } = await groundwork(executable, session.version, registry);
  const refused = itsOwn.filter((name) => !registry.cmdlets.has(name.toLowerCase()) && !harmless.test(name));
  const known = [
    ...registry.typeNames.keys(),
    ...registry.exceptions.keys(),
    ...Object.keys(shadows.names),
    ...alwaysKnown,
  ];
  await callScript(session, engineText('setup.ps1'), [
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
