import { readFileSync } from 'node:fs';
import { builtInExtensions } from '../src/lab/evaluator/built-in.ts';
import type { CmdletDefinition } from '../src/lab/evaluator/host.ts';
import { hasOutsideGet, isOutsideMember } from '../src/lab/evaluator/outside-member.ts';
import { createRegistry } from '../src/lab/evaluator/registry.ts';
import type { TypeDefinition } from '../src/lab/evaluator/type-definition.ts';
import { createMachine } from '../src/lab/faults/create-machine.ts';
import type { CimClass } from '../src/lab/windows/cim/cim-class.ts';
import { cimClasses } from '../src/lab/windows/cim/find-class.ts';
import { outsidePrograms } from '../src/lab/windows/programs/outside-programs.ts';
import { programs } from '../src/lab/windows/programs/programs.ts';
import { windowsExtension } from '../src/lab/windows/runtime/extension.ts';
import { japanese, stayEnglish } from '../src/lab/windows/texts/ja.ts';

const registry = createRegistry([...builtInExtensions, windowsExtension]);
const proven = ['windows-commands.json', 'role-commands.json'].flatMap((file) =>
  Object.keys(JSON.parse(readFileSync(new URL(`../test/fixtures/lab/${file}`, import.meta.url), 'utf8')) as object),
);

const code = (names: Iterable<string>): string => [...names].map((name) => `\`${name}\``).join(' ');
const byName = <T extends { readonly name: string }>(items: Iterable<T>): T[] =>
  [...items].toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const commandRow = (cmdlet: CmdletDefinition): string => {
  const outside = cmdlet.outside ?? [];
  const inside = Object.keys(cmdlet.parameters).filter((name) => !outside.includes(name));
  const aliases = [...registry.aliases].filter(([, target]) => target === cmdlet.name).map(([alias]) => alias);
  const named = aliases.length === 0 ? '' : ` (${aliases.toSorted().join(', ')})`;
  return row(`\`${cmdlet.name}\`${named}`, code(inside), code(outside));
};

const commandSections = (cmdlets: readonly CmdletDefinition[]): string[] =>
  [...new Set(cmdlets.map(({ module }) => module ?? ''))]
    .toSorted((a, b) => (a < b ? -1 : 1))
    .flatMap((module) => [
      `### ${module}`,
      '| command (aliases) | parameters | left out |',
      '|---|---|---|',
      ...cmdlets.filter((cmdlet) => cmdlet.module === module).map((cmdlet) => commandRow(cmdlet)),
      '',
    ]);

/** A client and a server, with a user, a restore point and a shadow copy, so that most classes have an instance. */
const machines = (['windows-11-24h2', 'windows-server-2022'] as const).map((base) => {
  const machine = createMachine('box', { base, faults: [{ kind: 'user-signed-in' }] });
  machine.restore.create('point', 0, 100, 4);
  machine.shadows.create('C:\\', 'ClientAccessible', 4);
  return machine;
});

const propertiesOf = (one: CimClass): string[] => [
  ...new Set(
    machines
      .filter((machine) => one.exists?.(machine) ?? true)
      .flatMap((machine) => one.instances(machine).flatMap((instance) => Object.keys(instance))),
  ),
];

const classRow = (one: CimClass): string => {
  const properties = propertiesOf(one);
  const shown = properties.length === 0 ? '(no instance on a fresh host)' : code(properties);
  const methods = Object.keys(one.methods ?? {});
  const calls = [...methods.map((name) => `${name}()`), ...(one.remove ? ['Remove-CimInstance'] : [])];
  return row(
    `\`${one.namespace}\` **${one.name}**`,
    shown,
    code(calls),
    code((one.outside ?? '').split(/\s+/).filter(Boolean)),
  );
};

const membersOf = (type: TypeDefinition): { readonly inside: string[]; readonly outside: string[] } => {
  const members = [
    ...Object.entries(type.properties ?? {}).map(([name, property]) => [name, hasOutsideGet(property)] as const),
    ...Object.entries(type.methods ?? {}).map(([name, method]) => [`${name}()`, isOutsideMember(method)] as const),
    ...Object.entries(type.statics?.properties ?? {}).map(
      ([name, property]) => [`::${name}`, hasOutsideGet(property)] as const,
    ),
    ...Object.entries(type.statics?.methods ?? {}).map(
      ([name, method]) => [`::${name}()`, isOutsideMember(method)] as const,
    ),
  ];
  return {
    inside: [
      ...(type.construct ? ['::new()'] : []),
      ...members.filter(([, isOutside]) => !isOutside).map(([name]) => name),
    ],
    outside: members.filter(([, isOutside]) => isOutside).map(([name]) => name),
  };
};

const typeRow = (type: TypeDefinition): string => {
  const { inside, outside } = membersOf(type);
  return row(`\`${type.name}\``, code(inside), code(outside));
};

/** Classes whose properties were read in no published reference, so that more may be left out than is told. */
const unprovenClasses = [
  'AntiVirusProduct',
  'MSFT_Disk',
  'MSFT_Partition',
  'MSFT_PhysicalDisk',
  'MSFT_Volume',
  'MSStorageDriver_FailurePredictStatus',
  'RSOP_File',
  'RSOP_GPO',
  'RSOP_RegistryKey',
  'RSOP_RegistryPolicySetting',
  'RSOP_SystemService',
  'Win32_PnPSignedDriver',
  'Win32_ShadowCopy',
  'Win32_ShadowStorage',
  'Win32_Volume',
];

/** What of server roles was written without a source at hand that shows it; no test holds it to a real Windows. */
const unprovenRoles = [
  'IIS: classes behind error ids, texts of messages of the WebAdministration commands and of `appcmd`; which attributes come as plain values and which as objects with `Value`',
  'IIS: a missing folder is 404.0 with code 3, a missing drive 500.19 with code 3; stopping a site or pool does not change `serverAutoStart` or `autoStart`',
  'IIS: the drive `IIS:` is there without the module being imported; failed request tracing, FTP, URL rewriting and bitness are left out',
  'IIS: passwords are sealed in the files, but not with the key container that Windows uses',
  'Features: names and display names are those of Windows Server 2022 on every base; the ids of errors and the classes of results',
  'WSUS: numbers of the enums SynchronizationResult, SynchronizationError, PublicationState and UpdateRelationship; ids of health events; error ids of the commands',
  'WSUS: how much memory, time and queue a number of updates and clients takes; what a missing index costs',
  'WSUS: what is set in the configuration object holds at once, not from `Save` on; the database knows the statements of maintenance only',
  '`appcmd`, `iisreset`, `wsusutil` and the commands of these modules speak English on a Japanese host too',
  'Windows Server Backup: types of policies, targets and volumes; there are no schedules; a backup takes no room on its target beyond what its files show',
];

/** What of the network, updates and policies no source at hand proves. */
const unprovenBehaviour = [
  'that a null -Principal, -Settings or -Trigger of Register-ScheduledTask is refused as by ValidateNotNull; what `takeown /r /d y` leaves as rules, and that it asks without /d',
  'the texts of `net`, `wevtutil` and `chkdsk` for what they do not know; the layout of the error pages of IIS beyond status and error code',
  'that DISM exchanges a file of the store that is in use at the next start, and ends with 0',
  'the texts of `bitsadmin`, `fltmc`, `gpresult`, `gpupdate`, `ipconfig`, `nslookup`, `ping` and `takeown`, and on a Japanese Windows all but the first lines of `netsh winhttp show proxy`',
  'the layout of `WinHttpSettings` (no specification is published), the XML of `gpresult /x` beyond the names that it uses, the lines of WindowsUpdate.log',
  'interface ids in the type names of the COM objects of Windows Update',
  'that a group policy writes its values at every refresh (Windows may leave unchanged ones until `/force`), and that controlled folder access holds against svchost.exe',
];

/** What no reference told of devices, disks, setup and backup. */
const unprovenDevices = [
  'the texts of the programs of devices, disks, boot and backup beyond what their documentation shows, and most of their exit codes',
  'names and numbers of what Repair-Volume gives; error ids of the Storage module beyond those of things that are not found',
  'which state makes Windows setup roll back with which code; what setup.exe ends with when it waits for the restart (0)',
  'with which HRESULT an installation fails where a folder for temporary files, a service key or a shell folder is missing; the rules of SetupDiag',
  'properties and exit codes of Windows Server Backup; that a writer is stable again as soon as its service has a new process',
  'class ids, tasks and logs of the updaters of Chrome and Edge; the exit codes of msiexec for a window that nobody sees',
  'what `fsutil hardlink` says of a refusal and of a wrong call, in which order names of a file are listed, that it needs no administrator, and that a file with names in several folders has the rules of the folder that passed them on last',
];

/** What no reference told of users, the Store and Outlook; a real Windows may do it in another way. */
const unprovenFacts = [
  'a task of a user who is not signed in, started by hand: 0x800710E0 (0x800704DD by a trigger was read)',
  'exit codes and columns of quser, query and attrib; the text of msg to a user who is not there',
  'a hive loaded under a name that is taken: error 183; reg without /f: it takes no for an answer',
  'where packages, their volumes and the default volume are kept in the registry; the names of statuses of packages',
  'HRESULTs with which the Store does not open, its event 2002, and the event 27 of Outlook; content of cache, licence and data files',
  'the switches of SCANPST.EXE; every open key of a process counts as garbage for `[GC]::Collect()`',
];

/** What a host with the display language ja-JP says in Japanese, and what not. */
const languageSection = (): string[] => [
  '## Display language',
  `Hosts with \`uiLanguage: ja-JP\` say ${Object.values(japanese).flat().length} texts in Japanese, in code page 932 where the program writes that: of ${code(Object.keys(japanese))}.`,
  "Each was read in a published output of a Japanese Windows or in Microsoft's Japanese documentation. What stays English:",
  ...stayEnglish.map((text) => `- ${text}`),
  '',
];

/** docs/lab-windows.md: what of Windows the lab simulates, from the very tables that its sessions are made of. */
export function labDocument(): string {
  const cmdlets = byName(registry.cmdlets.values());
  const unproven = cmdlets.filter(({ name }) => !proven.includes(name));
  const outside = cmdlets.reduce((sum, cmdlet) => sum + (cmdlet.outside?.length ?? 0), 0);
  const all = cmdlets.reduce((sum, cmdlet) => sum + Object.keys(cmdlet.parameters).length, 0);
  return [
    '# What of Windows the lab simulates',
    '',
    '<!-- Made from src/lab by scripts/generate.ts (npm run generate). -->',
    '',
    `${cmdlets.length} commands with ${all - outside} of their ${all} parameters, ${cimClasses.length} CIM classes, ${programs.length} native programs,`,
    `${registry.types.size} .NET types and ${registry.enums.size} enums. What is left out, and every other command, class, program and type that Windows has, ends a`,
    'script with `LabUnsupported`, past every `catch`, with what it was and where; what Windows has not either is the error of PowerShell.',
    '`kintsugi lab coverage` tells it without a run ([writing-actions.md](writing-actions.md#what-the-lab-can-run)).',
    '',
    '## Commands',
    'Names, parameter sets, positions, types and which parameters are mandatory are held to what a real Windows PowerShell 5.1 lists; pipeline',
    'binding and aliases to those of PowerShell 7, where it still has the command. Those of ServerManager, UpdateServices, WebAdministration and',
    "WindowsServerBackup are held to Microsoft's documentation of the commands. Output types and properties are in none of these.",
    '',
    ...commandSections(cmdlets),
    '### Unproven',
    unproven.length === 0
      ? 'None.'
      : `That no list of a real Windows PowerShell 5.1 covers: ${code(unproven.map(({ name }) => name))}.`,
    '',
    '## CIM classes',
    'What is left out was read in the published class references; no test holds it. Unproven, because no reference was at hand:',
    `${code(unprovenClasses)}.`,
    '',
    '| namespace and class | properties | methods | left out |',
    '|---|---|---|---|',
    ...byName(cimClasses).map(classRow),
    '',
    '## Server roles',
    'A host of a lab may be a `web-server`, an `update-server` or have `server-backup` (`roles`); faults of a role bring it along. Its settings are its',
    'files: commands, `appcmd` and the answers of the server all read `applicationHost.config` and `web.config`. Unproven:',
    '',
    ...unprovenRoles.map((line) => `- ${line}.`),
    '',
    '## Native programs',
    `Simulated: ${code(programs.map(({ path }) => path.slice(path.lastIndexOf('\\') + 1)).toSorted())}. What they take is told by what they refuse.`,
    '',
    `Known and refused: ${code([...outsidePrograms].toSorted())}.`,
    '',
    '### Unproven behaviour',
    ...unprovenBehaviour.map((one) => `- ${one}`),
    '',
    '## Devices, disks, setup, backup: unproven',
    ...unprovenDevices.map((text) => `- ${text}`),
    '',
    '## Rights: unproven',
    '',
    'Files and keys of Windows belong to TrustedInstaller, administrators may read them; one check says who may do what, and it is asked when something is',
    'listed, read, copied, opened, renamed or removed. A session without the full token of an administrator (`not-elevated`, other users) is refused by the',
    'programs, commands and CIM classes that need one, each with its own error. Not read in any published source, so from experience alone:',
    '',
    "- texts and exit codes with which bcdedit, chkdsk, fsutil, iisreset, manage-bde, pnputil, powercfg, reagentc, shutdown, vssadmin, w32tm and wbadmin refuse such a session, and the error ids of Checkpoint-Computer, Confirm-SecureBootUEFI, Restart-Computer, Repair-Volume, of the BitLocker, network-adapter and Appx volume commands, and of the server manager's",
    "- the rights of the keys `Services\\TrustedInstaller` and `Services\\WinDefend` and of Defender's platform folder",
    '- that `Set-Service` leaves the mark of a delayed start and `sc.exe start= auto` takes it away',
    '',
    '## Users, Store, Outlook: unproven',
    ...unprovenFacts.map((text) => `- ${text}`),
    '',
    ...languageSection(),
    '## COM classes',
    `${code([...registry.comObjects.keys()].toSorted())}.`,
    '',
    '## .NET types',
    'Beside these the language has its own: numbers, arrays, `hashtable`, `[ordered]`, generic lists and dictionaries, `PSCustomObject`, script blocks.',
    '',
    '| type | members (`::` static) | left out |',
    '|---|---|---|',
    ...byName(registry.types.values()).map(typeRow),
    '',
    `Enums: ${code(byName(registry.enums.values()).map(({ name }) => name))}.`,
    '',
    `Exceptions: ${code(byName(registry.exceptions.values()).map(({ name }) => name))}.`,
    '',
  ].join('\n');
}
