import { defineEnum, defineType } from '../../evaluator/define.ts';
import { Hashtable } from '../../evaluator/hashtable.ts';
import { customObject } from '../../evaluator/make.ts';
import { outsideMember } from '../../evaluator/outside-member.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { expandVariables } from './registry-key.ts';

const machineKey = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment';
const folders: Readonly<Record<string, string>> = {
  System: 'C:\\Windows\\system32',
  Windows: 'C:\\Windows',
  ProgramFiles: 'C:\\Program Files',
  ProgramFilesX86: 'C:\\Program Files (x86)',
  CommonApplicationData: 'C:\\ProgramData',
  CommonProgramFiles: 'C:\\Program Files\\Common Files',
};

/** System.EnvironmentVariableTarget. */
export const environmentTargetEnum = defineEnum('System.EnvironmentVariableTarget', {
  Process: 0,
  User: 1,
  Machine: 2,
});

/** System.Environment. */
export const environmentType = defineType({
  name: 'System.Environment',
  statics: {
    properties: {
      MachineName: { get: (context) => actorOf(context).machine.name },
      UserName: { get: (context) => actorOf(context).process.account.name.replace(/^.*\\/, '') },
      UserDomainName: { get: (context) => actorOf(context).process.account.name.replace(/\\.*$/, '') },
      NewLine: { get: () => '\r\n' },
      ProcessorCount: { get: () => 4 },
      TickCount: { get: (context) => Math.trunc(actorOf(context).machine.clock.uptimeMs()) | 0 },
      Is64BitOperatingSystem: { get: () => true },
      Is64BitProcess: { get: () => true },
      UserInteractive: { get: () => false },
      HasShutdownStarted: { get: () => false },
      SystemDirectory: { get: () => 'C:\\Windows\\system32' },
      CurrentDirectory: { get: () => 'C:\\Windows\\system32', set: () => undefined },
      CommandLine: { get: (context) => actorOf(context).process.commandLine },
      ExitCode: { get: () => 0, set: () => undefined },
      OSVersion: {
        get: (context) => {
          const { version, build } = actorOf(context).machine.edition;
          return customObject({
            Platform: 'Win32NT',
            ServicePack: '',
            Version: context.convert(`${version}.0`, 'version'),
            VersionString: `Microsoft Windows NT 10.0.${build}.0`,
          });
        },
      },
    },
    methods: {
      GetEnvironmentVariable: (args, context) => {
        const name = context.text(args[0]);
        const target = args.length > 1 ? context.text(context.convert(args[1], environmentTargetEnum.name)) : 'Process';
        if (target === 'Process') return context.hooks.environment.get(name) ?? null;
        const { machine, process } = actorOf(context);
        const data = machine.registry.data(
          target === 'Machine' ? machineKey : 'HKCU\\Environment',
          name,
          process.account.sid,
        );
        return typeof data === 'string' ? expandVariables(data, context) : null;
      },
      *SetEnvironmentVariable(args, context) {
        const [name, value] = [
          context.text(args[0]),
          args[1] === null || args[1] === undefined ? '' : context.text(args[1]),
        ];
        const target = args.length > 2 ? context.text(context.convert(args[2], environmentTargetEnum.name)) : 'Process';
        if (target === 'Process') {
          context.hooks.environment.set(name, value === '' ? undefined : value);
          return undefined;
        }
        const { machine, process, pid } = actorOf(context);
        const key = target === 'Machine' ? machineKey : 'HKCU\\Environment';
        if (value !== '')
          yield machine.registry.set(key, { name, kind: 'String', data: value }, pid, process.account.sid);
        else if (machine.registry.data(key, name, process.account.sid) !== undefined)
          yield machine.registry.removeValue(key, name, pid, process.account.sid);
        return undefined;
      },
      GetEnvironmentVariables: (_args, context) => {
        const table = new Hashtable();
        for (const [name, value] of context.hooks.environment.entries()) table.set(name, value);
        return table;
      },
      ExpandEnvironmentVariables: (args, context) => expandVariables(context.text(args[0]), context),
      GetFolderPath: (args, context) => {
        const name = context.text(args[0]);
        const profile = context.hooks.environment.get('USERPROFILE') ?? '';
        return (
          folders[name] ??
          {
            LocalApplicationData: `${profile}\\AppData\\Local`,
            ApplicationData: `${profile}\\AppData\\Roaming`,
            UserProfile: profile,
            Desktop: `${profile}\\Desktop`,
            MyDocuments: `${profile}\\Documents`,
          }[name] ??
          context.unsupported(`[Environment]::GetFolderPath('${name}')`)
        );
      },
      GetCommandLineArgs: (_args, context) => [actorOf(context).process.path],
      Exit: outsideMember('[Environment]::Exit'),
    },
  },
});
